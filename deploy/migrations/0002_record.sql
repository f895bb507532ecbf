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

-- Appends the events of one command, together or not at all, and answers where.
--
-- Under one advisory lock, held to the end of the transaction, so that positions become visible in
-- their own order: a reader that has seen a position never misses a lower one that commits later.
-- Under that lock it checks that what the command read has not moved (heads) and that every key it
-- used is still live. Errors: VS001 a head moved, VS002 a key in use is not live or a new key is of
-- an erased subject, VS003 the transaction would not see what was committed before it got the lock.
CREATE FUNCTION record.append(
    a_command_id      uuid,
    a_request_mac     bytea,
    a_subject         uuid,
    a_version         bigint,
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
    originator_ids    uuid[],
    versions          bigint[],
    topics            text[],
    states            bytea[],
    salts             bytea[],
    ended_compartments text[],
    ended_owners      uuid[],
    ended_purposes    text[],
    OUT replayed      boolean,
    OUT outcome_mac   bytea,
    OUT last_position bigint,
    OUT outcome_subject uuid,
    OUT outcome_version bigint
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    now_recorded timestamptz;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'VS003', MESSAGE = 'wrong isolation';
    END IF;
    PERFORM pg_advisory_xact_lock(7012023);

    SELECT true, o.request_mac, o.position, o.subject, o.version
      INTO replayed, outcome_mac, last_position, outcome_subject, outcome_version
      FROM record.command_outcome o WHERE o.command_id = a_command_id;
    IF found THEN
        RETURN;
    END IF;

    IF cardinality(head_ids) > 0 AND EXISTS (
        SELECT FROM unnest(head_ids, head_versions) AS h(id, version)
         WHERE h.version IS DISTINCT FROM
               (SELECT max(e.originator_version) FROM record.event e WHERE e.originator_id = h.id)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = 'a head moved';
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
    INSERT INTO record.event (position, originator_id, originator_version, topic, state,
                              recorded_at, command_id, salt)
    SELECT nextval('record.event_position'), n.originator_id, n.version, n.topic, n.state,
           now_recorded, a_command_id, n.salt
      FROM (SELECT * FROM unnest(originator_ids, versions, topics, states, salts)
              WITH ORDINALITY AS r(originator_id, version, topic, state, salt, ordinal)
             ORDER BY ordinal) n;
    last_position := currval('record.event_position');

    IF cardinality(ended_owners) > 0 THEN
        UPDATE keys.data_key k
           SET state = 'destroyed', wrapped_key = NULL, destroyed_at = now_recorded
          FROM unnest(ended_compartments, ended_owners, ended_purposes)
               AS d(compartment, owner, purpose)
         WHERE k.compartment = d.compartment AND k.owner = d.owner AND k.purpose = d.purpose
           AND k.state <> 'destroyed';
    END IF;

    INSERT INTO record.command_outcome (command_id, request_mac, position, subject, version,
                                        recorded_at)
    VALUES (a_command_id, a_request_mac, last_position, a_subject, a_version, now_recorded);
    PERFORM pg_notify('record_event', last_position::text);

    replayed := false;
    outcome_mac := a_request_mac;
    outcome_subject := a_subject;
    outcome_version := a_version;
END
$$;

REVOKE ALL ON FUNCTION record.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record.append TO vouchsafe_api, vouchsafe_clerk;
