-- The clerk tells whoever handles something that it waits, or falls due.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'bell.rung', false);

-- The clerk announces the end of a record that nobody has used for long, and thirty days later grants its erasure.
INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'person.end_announced', false),
    ('vouchsafe_clerk', 'person.end_put_off', false),
    ('vouchsafe_clerk', 'erasure.requested', false),
    ('vouchsafe_clerk', 'erasure.granted', false),
    ('vouchsafe_clerk', 'person.erased', false),
    ('vouchsafe_clerk', 'consent_ledger.revoked', true),
    ('vouchsafe_clerk', 'consent_ledger.closed', false);

-- Says which streams are wholly a person's, for an erasure by the calendar. VS010: their end was not announced
-- thirty days ago, by this database's own clock, or it was put off since. So whoever takes over the clerk can
-- destroy nobody's keys without a month's notice.
CREATE FUNCTION record.order_announced_erasure(which uuid, whose uuid, wholly_theirs uuid[]) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM record.event a
         WHERE a.originator_id = whose AND a.topic = 'person.end_announced'
           AND a.recorded_at <= clock_timestamp() - interval '30 days'
           AND NOT EXISTS (SELECT FROM record.event p
                            WHERE p.originator_id = whose AND p.topic = 'person.end_put_off'
                              AND p.originator_version > a.originator_version)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS010', MESSAGE = 'not announced';
    END IF;
    INSERT INTO record.erasure (erasure, person, streams) VALUES (which, whose, wholly_theirs)
        ON CONFLICT DO NOTHING;
END
$$;
REVOKE ALL ON FUNCTION record.order_announced_erasure FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record.order_announced_erasure TO vouchsafe_clerk;
