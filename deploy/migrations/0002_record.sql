-- The log of events and the one way to append to it. No role may insert, change or delete an event
-- except through record.append, which runs as the owner.

CREATE SCHEMA record;
GRANT USAGE ON SCHEMA record TO vouchsafe_api, vouchsafe_worker, vouchsafe_clerk;

CREATE SEQUENCE record.event_position;

CREATE TABLE record.event (
    position           bigint PRIMARY KEY,
    originator_id      uuid NOT NULL,
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    topic              text NOT NULL,
    state              bytea NOT NULL,
    recorded_at        timestamptz NOT NULL,
    command_id         uuid NOT NULL,
    salt               bytea NOT NULL CHECK (length(salt) = 32),
    CONSTRAINT event_stream UNIQUE (originator_id, originator_version)
);

-- What became of a command: enough to answer its repetition, nothing of what was asked.
CREATE TABLE record.command_outcome (
    command_id  uuid PRIMARY KEY,
    request_mac bytea NOT NULL,
    position    bigint NOT NULL,
    subject     uuid NOT NULL,
    version     bigint NOT NULL,
    recorded_at timestamptz NOT NULL
);

GRANT SELECT ON record.event, record.command_outcome
    TO vouchsafe_api, vouchsafe_worker, vouchsafe_clerk;

-- Appends the events of one command, or of several that arrived together, and answers where.
--
-- Under one advisory lock, held to the end of the transaction, so that positions become visible in
-- their own order: a reader that has seen a position never misses a lower one that commits later.
-- Under that lock it checks that what each command read has not moved (heads) and that every key it
-- used is still live. A command that has an outcome already is answered with it, if it came alone.
--
-- Commands are numbered from 1 in the order given; the other lists say by number whose they are.
-- Errors: VS001 a head moved; VS002 a key in use is not live, or a new key is of an erased subject;
-- VS003 the transaction would not see what was committed before it got the lock; VS004 these
-- commands depend on each other or were recorded before and must come one by one.
CREATE FUNCTION record.append(
    command_ids       uuid[],
    request_macs      bytea[],
    subjects          uuid[],
    subject_versions  bigint[],
    head_commands     integer[],
    head_ids          uuid[],
    head_versions     bigint[],
    new_compartments  text[],
    new_key_ids       uuid[],
    new_owners        uuid[],
    new_purposes      text[],
    new_epochs        integer[],
    new_wrapped_keys  bytea[],
    used_compartments text[],
    used_key_ids      uuid[],
    event_commands    integer[],
    originator_ids    uuid[],
    versions          bigint[],
    topics            text[],
    states            bytea[],
    salts             bytea[],
    ended_compartments text[],
    ended_owners      uuid[],
    ended_purposes    text[]
)
RETURNS TABLE (
    replayed          boolean,
    outcome_mac       bytea,
    last_position     bigint,
    outcome_subject   uuid,
    outcome_version   bigint
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    now_recorded timestamptz;
    first_position bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'VS003', MESSAGE = 'wrong isolation';
    END IF;
    PERFORM pg_advisory_xact_lock(7012023);

    IF EXISTS (SELECT FROM record.command_outcome o WHERE o.command_id = ANY (command_ids)) THEN
        IF cardinality(command_ids) > 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'VS004', MESSAGE = 'one by one';
        END IF;
        RETURN QUERY SELECT true, o.request_mac, o.position, o.subject, o.version
                       FROM record.command_outcome o WHERE o.command_id = command_ids[1];
        RETURN;
    END IF;

    IF cardinality(head_ids) > 0 THEN
        -- What one command of a group writes, another must not have read.
        IF EXISTS (
            SELECT FROM unnest(head_commands, head_ids) AS h(command, id)
              JOIN unnest(event_commands, originator_ids) AS e(command, id)
                ON e.id = h.id AND e.command <> h.command
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'VS004', MESSAGE = 'one by one';
        END IF;
        IF EXISTS (
            SELECT FROM unnest(head_ids, head_versions) AS h(id, version)
             WHERE h.version IS DISTINCT FROM (SELECT max(e.originator_version)
                                                 FROM record.event e WHERE e.originator_id = h.id)
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = 'a head moved';
        END IF;
    END IF;

    IF cardinality(new_key_ids) > 0 THEN
        -- Whose stream was erased gets no new key, in no compartment.
        IF EXISTS (
            SELECT FROM keys.data_key k
             WHERE k.compartment = 'operational' AND k.owner = ANY (new_owners)
               AND k.purpose = 'stream' AND k.state = 'destroyed'
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'VS002', MESSAGE = 'a subject is erased';
        END IF;
        -- Two commands of one process may bring the same new key; a second live one still fails.
        INSERT INTO keys.data_key (compartment, key_id, owner, purpose, epoch, wrapped_key)
        SELECT * FROM unnest(new_compartments, new_key_ids, new_owners, new_purposes,
                             new_epochs, new_wrapped_keys)
            ON CONFLICT (compartment, key_id) DO NOTHING;
    END IF;

    IF EXISTS (
        SELECT FROM unnest(used_compartments, used_key_ids) AS u(compartment, key_id)
          LEFT JOIN keys.data_key k ON k.compartment = u.compartment AND k.key_id = u.key_id
         WHERE k.state IS DISTINCT FROM 'live'
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS002', MESSAGE = 'a key in use is not live';
    END IF;

    now_recorded := clock_timestamp();
    first_position := nextval('record.event_position');
    -- The other positions follow it without a gap: nobody else draws any while the lock is held.
    PERFORM setval('record.event_position', first_position + cardinality(originator_ids) - 1);
    INSERT INTO record.event (position, originator_id, originator_version, topic, state,
                              recorded_at, command_id, salt)
    SELECT first_position + n.ordinal - 1, n.originator_id, n.version, n.topic, n.state,
           now_recorded, command_ids[n.command], n.salt
      FROM unnest(event_commands, originator_ids, versions, topics, states, salts)
           WITH ORDINALITY AS n(command, originator_id, version, topic, state, salt, ordinal);

    IF cardinality(ended_owners) > 0 THEN
        UPDATE keys.data_key k
           SET state = 'destroyed', wrapped_key = NULL, destroyed_at = now_recorded
          FROM unnest(ended_compartments, ended_owners, ended_purposes)
               AS d(compartment, owner, purpose)
         WHERE k.compartment = d.compartment AND k.owner = d.owner AND k.purpose = d.purpose
           AND k.state <> 'destroyed';
    END IF;

    PERFORM pg_notify('record_event', currval('record.event_position')::text);
    RETURN QUERY
    WITH outcome AS (
        SELECT c.number, c.command_id, c.mac, c.subject, c.version,
               (SELECT first_position + max(e.ordinal) - 1
                  FROM unnest(event_commands) WITH ORDINALITY AS e(command, ordinal)
                 WHERE e.command = c.number) AS position
          FROM unnest(command_ids, request_macs, subjects, subject_versions)
               WITH ORDINALITY AS c(command_id, mac, subject, version, number)
    ), kept AS (
        INSERT INTO record.command_outcome (command_id, request_mac, position, subject, version,
                                            recorded_at)
        SELECT o.command_id, o.mac, o.position, o.subject, o.version, now_recorded FROM outcome o
    )
    SELECT false, o.mac, o.position, o.subject, o.version FROM outcome o ORDER BY o.number;
END
$$;

REVOKE ALL ON FUNCTION record.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record.append TO vouchsafe_api, vouchsafe_clerk;
