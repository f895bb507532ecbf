-- Erasing a person, as docs/specs/erasure.md says: the order comes from the api, the carrying out from
-- the clerk, and neither can do the other's part.

CREATE TABLE record.erasure (
    erasure        uuid PRIMARY KEY,
    person         uuid NOT NULL,
    streams        uuid[] NOT NULL,
    carried_out_at timestamptz
);

-- The positions whose states an erasure emptied: each stands under exactly one.
CREATE TABLE record.erased_event (
    position bigint PRIMARY KEY REFERENCES record.event,
    erasure  uuid NOT NULL REFERENCES record.erasure
);
CREATE INDEX erased_event_erasure ON record.erased_event (erasure);

-- Under which epochs keys of the erased person were ever wrapped: this one at the newest. Old copies of
-- them open until its key-encryption key, and each before it, is destroyed.
CREATE TABLE record.erased_under (
    erasure     uuid NOT NULL REFERENCES record.erasure,
    compartment text NOT NULL,
    epoch       integer NOT NULL,
    PRIMARY KEY (erasure, compartment)
);

GRANT SELECT ON record.erasure, record.erased_event, record.erased_under
    TO vouchsafe_api, vouchsafe_clerk, vouchsafe_worker;
-- Whoever rotates keys starts, as everybody else, on no database that is older than the journal.
GRANT USAGE ON SCHEMA record TO vouchsafe_keeper;
GRANT SELECT ON record.erasure TO vouchsafe_keeper;

-- What an erasure may delete: streams of these events. All others are other people's records too.
CREATE TABLE record.deleted_with_person (topics text PRIMARY KEY);
INSERT INTO record.deleted_with_person (topics) VALUES ('person.'), ('mentor_profile.');

INSERT INTO record.appender (role, topics, may_end_keys) VALUES
    ('vouchsafe_clerk', 'erasure.carried_out', false),
    ('vouchsafe_clerk', 'erasure.completed', false);

-- Destroys every key of a person and of the streams that are wholly theirs, and deletes what lay in
-- those. Under the lock of all appends: what comes later finds tombstones. It can be repeated. VS009: a
-- listed stream is not of a kind that is wholly one person's.
CREATE FUNCTION record.erase(which uuid, whose uuid, wholly_theirs uuid[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    compartments CONSTANT text[] := ARRAY['operational', 'contact', 'personal', 'special', 'safeguarding'];
    owners CONSTANT uuid[] := wholly_theirs || whose;
    moment timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'VS003', MESSAGE = 'wrong isolation';
    END IF;
    PERFORM pg_advisory_xact_lock(7012023);
    moment := clock_timestamp();
    IF EXISTS (
        SELECT FROM record.event e
         WHERE e.originator_id = ANY(wholly_theirs)
           AND NOT EXISTS (SELECT FROM record.deleted_with_person d
                            WHERE starts_with(e.topic, d.topics))
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS009', MESSAGE = 'a record of others too';
    END IF;

    INSERT INTO record.erasure (erasure, person, streams) VALUES (which, whose, wholly_theirs)
        ON CONFLICT DO NOTHING;
    INSERT INTO record.erased_under (erasure, compartment, epoch)
    SELECT which, k.compartment, max(k.epoch) FROM keys.data_key k
     WHERE k.compartment = ANY(compartments) AND k.owner = ANY(owners)
     GROUP BY k.compartment
        ON CONFLICT (erasure, compartment)
        DO UPDATE SET epoch = greatest(erased_under.epoch, excluded.epoch);

    UPDATE keys.data_key k
       SET state = 'destroyed', wrapped_key = NULL, destroyed_at = moment
     WHERE k.compartment = ANY(compartments) AND k.owner = ANY(owners) AND k.state <> 'destroyed';
    -- A listed stream that never began gets a tombstone too, so that it never does.
    INSERT INTO keys.data_key (compartment, key_id, owner, purpose, state, epoch, destroyed_at)
    SELECT 'operational', gen_random_uuid(), s.stream, 'stream', 'destroyed',
           (SELECT max(b.epoch) FROM keys.branch_key b
             WHERE b.compartment = 'operational' AND b.closing_at IS NULL), moment
      FROM unnest(owners) AS s(stream)
     WHERE NOT EXISTS (SELECT FROM keys.data_key k
                        WHERE k.compartment = 'operational' AND k.owner = s.stream
                          AND k.purpose = 'stream')
     GROUP BY s.stream;

    INSERT INTO record.erased_event (position, erasure)
    SELECT e.position, which FROM record.event e WHERE e.originator_id = ANY(wholly_theirs)
        ON CONFLICT DO NOTHING;
    UPDATE record.event SET state = '' WHERE originator_id = ANY(wholly_theirs) AND state <> '';
    -- What told a repetition from another request is keyed with what the person sent.
    UPDATE record.command_outcome SET request_mac = '' WHERE subject = ANY(owners);
    DELETE FROM access.token WHERE person = whose;
    UPDATE record.erasure SET carried_out_at = coalesce(carried_out_at, moment)
     WHERE erasure = which;
END
$$;
REVOKE ALL ON FUNCTION record.erase FROM PUBLIC;

-- Says which streams are wholly a person's, so that a later decision can be carried out. By itself it
-- does nothing, and what is ordered once stays as it was ordered.
CREATE FUNCTION record.order_erasure(which uuid, whose uuid, wholly_theirs uuid[]) RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO record.erasure (erasure, person, streams) VALUES (which, whose, wholly_theirs)
        ON CONFLICT DO NOTHING;
$$;

-- Carries out an erasure that was ordered and granted, and answers the positions whose states are
-- empty now. VS008: it was not ordered, or its granting is not recorded.
CREATE FUNCTION record.carry_out_erasure(which uuid) RETURNS bigint[]
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ordered record.erasure;
BEGIN
    SELECT * INTO ordered FROM record.erasure e
     WHERE e.erasure = which
       AND EXISTS (SELECT FROM record.event g
                    WHERE g.originator_id = which AND g.topic = 'erasure.granted');
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'VS008', MESSAGE = 'not granted';
    END IF;
    PERFORM record.erase(which, ordered.person, ordered.streams);
    RETURN ARRAY(SELECT position FROM record.erased_event WHERE erasure = which ORDER BY position);
END
$$;

REVOKE ALL ON FUNCTION record.order_erasure, record.carry_out_erasure FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record.order_erasure TO vouchsafe_api;
GRANT EXECUTE ON FUNCTION record.carry_out_erasure TO vouchsafe_clerk;
