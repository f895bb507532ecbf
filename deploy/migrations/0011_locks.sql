-- Second locks on what participants sealed, as docs/specs/notebook.md says: a compartment that the api alone
-- opens. A lock key, whose purpose begins with `lock/`, lies directly under the key-encryption key, so
-- that no lock comes off without the key service; the key of a single entry lies under the branch key.

CREATE TABLE keys.branch_key_locks PARTITION OF keys.branch_key FOR VALUES IN ('locks');
CREATE TABLE keys.data_key_locks PARTITION OF keys.data_key FOR VALUES IN ('locks');
GRANT SELECT ON keys.branch_key_locks, keys.data_key_locks TO vouchsafe_api, vouchsafe_keeper;

-- As the others lie (0005, 0007).
ALTER TABLE keys.data_key_locks SET (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05
);
CREATE TRIGGER require_open_epoch AFTER INSERT ON keys.data_key_locks
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION keys.require_open_epoch();

-- Puts one lock key from one epoch under another; answers whether it did. One that was destroyed or
-- rewrapped since it was read stays as it is. What a key service makes has no fixed length, so these do not
-- go through keys.rewrap.
CREATE FUNCTION keys.rewrap_lock(of_key uuid, old_epoch integer, new_epoch integer, rewrapped bytea)
RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '200ms'
AS $$
BEGIN
    IF new_epoch <= old_epoch OR length(rewrapped) = 0 OR NOT EXISTS (
        SELECT FROM keys.branch_key_locks b WHERE b.epoch = new_epoch AND b.closing_at IS NULL
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS007', MESSAGE = 'not an epoch to rewrap to';
    END IF;
    UPDATE keys.data_key_locks k SET wrapped_key = rewrapped, epoch = new_epoch
     WHERE k.compartment = 'locks' AND k.key_id = of_key AND k.epoch = old_epoch
       AND k.wrapped_key IS NOT NULL AND starts_with(k.purpose, 'lock/');
    RETURN FOUND;
END
$$;
REVOKE ALL ON FUNCTION keys.rewrap_lock FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keys.rewrap_lock TO vouchsafe_keeper;

-- As it was (0006), and of one compartment more: the locks of what others may keep sealed to the person.
-- Destroys every key of a person and of the streams that are wholly theirs, and deletes what lay in
-- those. Under the lock of all appends: what comes later finds tombstones. It can be repeated. VS009: a
-- listed stream is not of a kind that is wholly one person's.
CREATE OR REPLACE FUNCTION record.erase(which uuid, whose uuid, wholly_theirs uuid[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    compartments CONSTANT text[] := ARRAY['locks', 'operational', 'contact', 'personal', 'special', 'safeguarding'];
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
