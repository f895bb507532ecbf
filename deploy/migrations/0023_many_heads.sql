-- A command may rest on very many streams, as a round of the matching does on everybody's consents. Until
-- now record.append held each of them against each event of the command itself, which can be left out.

-- Appends the events of one command, or of several that arrived together, and answers where.
--
-- Under one advisory lock, held to the end of the transaction, so that positions become visible in
-- their own order: a reader that has seen a position never misses a lower one that commits later.
-- Positions follow each other without a gap. Under that lock it checks that what each command read
-- has not moved (heads) and that every key it used is still live. A command that has an outcome
-- already is answered with it, if it came alone. Messages that follow from the events go into the outbox
-- in the same transaction, so that neither is ever there without the other.
--
-- What every append has comes as arrays, one a column: of commands, which count from 1 in the order
-- given, and of events, which say by that number whose they are and name the key of their stream.
-- What few have comes as JSON arrays of objects with the fields named beside it; bytes are base64.
-- Errors: VS001 a head moved; VS002 a key in use is not live, or a new key is of an erased subject;
-- VS003 the transaction would not see what was committed before it got the lock; VS004 these
-- commands depend on each other or were recorded before and must come one by one; VS005 these events
-- are not the caller's to append; VS006 a command without events, an event that follows no other or
-- one whose salt is no salt.
CREATE OR REPLACE FUNCTION record.append(
    command_ids      uuid[],
    request_macs     bytea[],
    subjects         uuid[],
    subject_versions bigint[],
    whose            integer[],
    streams          uuid[],
    versions         bigint[],
    topics           text[],
    states           bytea[],
    salts            bytea[],
    stream_keys      uuid[],
    field_keys       json,  -- compartment, key_id
    heads            json,  -- command, originator_id, version
    new_keys         json,  -- compartment, key_id, owner, purpose, epoch, wrapped_key
    ends             json,  -- compartment, owner, purpose
    messages         json   -- message, person, kind, about, item, edition, not_before
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
-- Plans are made once, when the tables may still be nearly empty: without these they would go on
-- reading whole tables when those are large. Every question here is one for an index.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
    now_recorded timestamptz;
    newest       bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION USING ERRCODE = 'VS003', MESSAGE = 'wrong isolation';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(topics) AS e(topic)
         WHERE NOT EXISTS (SELECT FROM record.appender a
                            WHERE a.role = session_user AND starts_with(e.topic, a.topics))
    ) OR (
        json_array_length(ends) > 0
        AND NOT EXISTS (SELECT FROM record.appender a WHERE a.role = session_user AND a.may_end_keys)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS005', MESSAGE = 'not yours to append';
    END IF;
    IF (SELECT count(DISTINCT e) FROM unnest(whose) AS e) <> greatest(cardinality(command_ids), 1)
       OR EXISTS (SELECT FROM unnest(salts) AS e(salt) WHERE length(e.salt) <> 32)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'VS006', MESSAGE = 'a command without events';
    END IF;

    PERFORM pg_advisory_xact_lock(7012023);

    IF EXISTS (SELECT FROM record.command_outcome o WHERE o.command_id = ANY (command_ids)) THEN
        IF cardinality(command_ids) > 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'VS004', MESSAGE = 'one by one';
        END IF;
        RETURN QUERY
        SELECT true, o.request_mac, o.position, o.subject, o.version
          FROM record.command_outcome o WHERE o.command_id = command_ids[1];
        RETURN;
    END IF;

    IF json_array_length(heads) > 0 THEN
        -- What one command of a group writes, another must not have read. Only of a group is it asked: it
        -- compares everything read with everything written.
        IF cardinality(command_ids) > 1 AND EXISTS (
            SELECT FROM json_to_recordset(heads) AS h(command integer, originator_id uuid)
              JOIN unnest(whose, streams) AS e(command, stream)
                ON e.stream = h.originator_id AND e.command <> h.command
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'VS004', MESSAGE = 'one by one';
        END IF;
        IF EXISTS (
            SELECT FROM json_to_recordset(heads) AS h(originator_id uuid, version bigint)
             WHERE h.version IS DISTINCT FROM (SELECT max(e.originator_version) FROM record.event e
                                                WHERE e.originator_id = h.originator_id)
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'VS001', MESSAGE = 'a head moved';
        END IF;
    END IF;

    IF json_array_length(new_keys) > 0 THEN
        -- Whose stream was erased gets no new key, in no compartment.
        IF EXISTS (
            SELECT FROM keys.data_key k JOIN json_to_recordset(new_keys) AS n(owner uuid) USING (owner)
             WHERE k.compartment = 'operational' AND k.purpose = 'stream' AND k.state = 'destroyed'
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'VS002', MESSAGE = 'a subject is erased';
        END IF;
        -- Two commands of one process may bring the same new key; a second live one still fails.
        INSERT INTO keys.data_key (compartment, key_id, owner, purpose, epoch, wrapped_key)
        SELECT n.compartment, n.key_id, n.owner, n.purpose, n.epoch, decode(n.wrapped_key, 'base64')
          FROM json_to_recordset(new_keys) AS n(compartment text, key_id uuid, owner uuid,
                                                purpose text, epoch integer, wrapped_key text)
            ON CONFLICT (compartment, key_id) DO NOTHING;
    END IF;

    -- The key of its stream, and of no other.
    IF EXISTS (
        SELECT FROM unnest(stream_keys, streams) AS u(key_id, stream)
         WHERE NOT EXISTS (SELECT FROM keys.data_key_operational k
                            WHERE k.compartment = 'operational' AND k.key_id = u.key_id
                              AND k.owner = u.stream AND k.state = 'live')
    ) OR (
        json_array_length(field_keys) > 0
        AND EXISTS (
            SELECT FROM json_to_recordset(field_keys) AS u(compartment text, key_id uuid)
             WHERE NOT EXISTS (SELECT FROM keys.data_key k
                                WHERE k.compartment = u.compartment AND k.key_id = u.key_id
                                  AND k.state = 'live'))
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS002', MESSAGE = 'a key in use is not live';
    END IF;

    now_recorded := clock_timestamp();
    newest := coalesce((SELECT max(e.position) FROM record.event e), 0);
    INSERT INTO record.event (position, originator_id, originator_version, topic, state, recorded_at,
                              command_id, salt)
    SELECT newest + e.ordinal, e.stream, e.version, e.topic, e.state, now_recorded,
           command_ids[e.command], e.salt
      FROM unnest(whose, streams, versions, topics, states, salts)
           WITH ORDINALITY AS e(command, stream, version, topic, state, salt, ordinal);

    IF EXISTS (
        SELECT FROM unnest(streams, versions) AS e(stream, version)
         WHERE e.version <> 1
           AND NOT EXISTS (SELECT FROM record.event p
                            WHERE p.originator_id = e.stream
                              AND p.originator_version = e.version - 1)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS006', MESSAGE = 'an event that follows no other';
    END IF;

    IF json_array_length(ends) > 0 THEN
        UPDATE keys.data_key k
           SET state = 'destroyed', wrapped_key = NULL, destroyed_at = now_recorded
          FROM json_to_recordset(ends) AS d(compartment text, owner uuid, purpose text)
         WHERE k.compartment = d.compartment AND k.owner = d.owner AND k.purpose = d.purpose
           AND k.state <> 'destroyed';
    END IF;

    IF json_array_length(messages) > 0 THEN
        -- Whoever makes a message anew gives it the same id.
        INSERT INTO record.outbox (message, person, kind, about, item, edition, not_before, made_at,
                                   next_try_at)
        SELECT m.message, m.person, m.kind, m.about, m.item, m.edition, m.not_before, now_recorded,
               m.not_before
          FROM json_to_recordset(messages) AS m(message uuid, person uuid, kind text, about uuid,
                                                item uuid, edition integer, not_before timestamptz)
            ON CONFLICT (message) DO NOTHING;
    END IF;

    PERFORM pg_notify('record_event', (newest + cardinality(streams))::text);
    RETURN QUERY
    INSERT INTO record.command_outcome (command_id, request_mac, position, subject, version,
                                        recorded_at)
    SELECT c.command_id, c.request_mac,
           (SELECT newest + max(e.ordinal) FROM unnest(whose) WITH ORDINALITY AS e(command, ordinal)
             WHERE e.command = c.number),
           c.subject, c.version, now_recorded
      FROM unnest(command_ids, request_macs, subjects, subject_versions)
           WITH ORDINALITY AS c(command_id, request_mac, subject, version, number)
     ORDER BY c.number
 RETURNING false, request_mac, position, subject, version;
END
$$;
