-- Rolling epochs of keys, as docs/specs/keyring.md says. An epoch is open, then closing (no new key
-- may be made under it), then emptied (nothing lies under it, and its branch key's bytes are gone),
-- then destroyed (the key service confirmed that its key-encryption key is).

ALTER TABLE keys.branch_key
    ALTER COLUMN wrapped_key DROP NOT NULL,
    ADD COLUMN closing_at timestamptz,
    ADD COLUMN emptied_at timestamptz,
    ADD COLUMN destroyed_at timestamptz,
    ADD CHECK ((emptied_at IS NULL) = (wrapped_key IS NOT NULL)),
    ADD CHECK (emptied_at IS NULL OR closing_at IS NOT NULL),
    ADD CHECK (destroyed_at IS NULL OR emptied_at IS NOT NULL);

-- Of each rotation that was asked for, when and by which role; at most one is unfinished.
CREATE TABLE keys.rotation (
    number      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    asked_by    name NOT NULL,
    finished_at timestamptz
);
CREATE UNIQUE INDEX rotation_unfinished ON keys.rotation ((true)) WHERE finished_at IS NULL;

-- How old each epoch is and how far its end has come; nothing of its key.
CREATE VIEW keys.epoch AS
    SELECT compartment, epoch, made_at, closing_at, emptied_at, destroyed_at FROM keys.branch_key;

GRANT USAGE ON SCHEMA keys TO vouchsafe_keeper;
GRANT SELECT ON keys.rotation, keys.epoch TO vouchsafe_keeper, vouchsafe_clerk, vouchsafe_api;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['operational', 'contact', 'personal', 'special', 'safeguarding']
    LOOP
        -- Rewrapping rewrites every row once. With half of each page free a new version stays in the
        -- page of the old one, and no index changes.
        EXECUTE format('ALTER TABLE keys.%I SET (fillfactor = 50)', 'data_key_' || name);
        EXECUTE format('GRANT SELECT ON keys.%I, keys.%I TO vouchsafe_keeper',
                       'branch_key_' || name, 'data_key_' || name);
    END LOOP;
END
$$;

-- The fence. Whoever makes a key holds 7012024 shared to the end of the transaction; closing an epoch
-- takes it alone. So once an epoch is closing, every key under it is there to be seen, and no other
-- will come; a tombstone needs no epoch. The error is the one of a key that is not live: the command
-- is decided anew.
CREATE FUNCTION keys.require_open_epoch() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock_shared(7012024);
    IF EXISTS (
        SELECT FROM made m
         WHERE m.wrapped_key IS NOT NULL
           AND NOT EXISTS (SELECT FROM keys.branch_key b
                            WHERE b.compartment = m.compartment AND b.epoch = m.epoch
                              AND b.closing_at IS NULL)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS002', MESSAGE = 'the epoch of a new key is not open';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION keys.require_open_epoch FROM PUBLIC;

DO $$
DECLARE
    name text;
BEGIN
    -- Such a trigger is that of the table which a statement names.
    FOREACH name IN ARRAY ARRAY['data_key', 'data_key_operational', 'data_key_contact',
                                'data_key_personal', 'data_key_special', 'data_key_safeguarding']
    LOOP
        EXECUTE format('CREATE TRIGGER require_open_epoch AFTER INSERT ON keys.%I'
                       ' REFERENCING NEW TABLE AS made'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION keys.require_open_epoch()', name);
    END LOOP;
END
$$;

-- Asks for a rotation unless one is unfinished; answers whether it was this that asked.
CREATE FUNCTION keys.ask_for_rotation() RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO keys.rotation (asked_by) VALUES (session_user) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;

-- The same, if the newest epoch of any compartment is older than the period. A day is the shortest, so
-- that whoever may ask this cannot have keys rewrapped all the time.
CREATE FUNCTION keys.ask_for_due_rotation(period interval) RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO keys.rotation (asked_by)
    SELECT session_user
     WHERE EXISTS (
         SELECT FROM keys.branch_key GROUP BY compartment
         HAVING max(made_at) < clock_timestamp() - greatest(period, interval '1 day')
     )
        ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;

-- Keeps the branch key of an epoch, unless it has one, and closes every epoch before it.
CREATE FUNCTION keys.begin_epoch(new_compartment text, new_epoch integer, new_wrapped_key bytea)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7012024);
    INSERT INTO keys.branch_key (compartment, epoch, wrapped_key)
    VALUES (new_compartment, new_epoch, new_wrapped_key) ON CONFLICT DO NOTHING;
    UPDATE keys.branch_key SET closing_at = clock_timestamp()
     WHERE compartment = new_compartment AND epoch < new_epoch AND closing_at IS NULL;
END
$$;

-- Puts the data keys on some pages of a compartment from one epoch under another, and answers how many.
-- Each of the rewrapped keys is the key's id and its 93 wrapped bytes; one that was destroyed or
-- rewrapped since it was read stays as it is. It gives way rather than wait long for an append that
-- holds a row.
CREATE FUNCTION keys.rewrap(
    of_compartment text, old_epoch integer, new_epoch integer, pages int8range, rewrapped bytea
)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '200ms'
AS $$
DECLARE
    changed bigint;
BEGIN
    IF new_epoch <= old_epoch OR length(rewrapped) % 109 <> 0 OR NOT EXISTS (
        SELECT FROM keys.branch_key b
         WHERE b.compartment = of_compartment AND b.epoch = new_epoch AND b.closing_at IS NULL
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'VS007', MESSAGE = 'not an epoch to rewrap to';
    END IF;
    -- Planned anew each time, since table and pages make the plan.
    EXECUTE format(
        'UPDATE keys.%I k SET wrapped_key = n.wrapped_key, epoch = $2'
        '  FROM (SELECT substr($3, 109 * i + 1, 16) AS key_id, substr($3, 109 * i + 17, 93) AS wrapped_key'
        '          FROM generate_series(0, length($3) / 109 - 1) AS i) n'
        ' WHERE k.ctid >= $4 AND k.ctid < $5 AND uuid_send(k.key_id) = n.key_id'
        '   AND k.epoch = $1 AND k.wrapped_key IS NOT NULL',
        'data_key_' || of_compartment)
    USING old_epoch, new_epoch, rewrapped,
          format('(%s,0)', lower(pages))::tid, format('(%s,0)', upper(pages))::tid;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

-- Ends a closing epoch under which nothing is left: deletes its branch key's bytes. Answers whether it
-- is emptied now.
CREATE FUNCTION keys.empty_epoch(of_compartment text, old_epoch integer) RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE keys.branch_key b
       SET wrapped_key = NULL, emptied_at = coalesce(emptied_at, clock_timestamp())
     WHERE b.compartment = of_compartment AND b.epoch = old_epoch AND b.closing_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM keys.data_key k
                        WHERE k.compartment = of_compartment AND k.epoch = old_epoch
                          AND k.wrapped_key IS NOT NULL);
    RETURN FOUND;
END
$$;

-- Notes that the key service confirmed the destruction of an emptied epoch's key-encryption key.
CREATE FUNCTION keys.note_destroyed(of_compartment text, old_epoch integer) RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE keys.branch_key SET destroyed_at = clock_timestamp()
     WHERE compartment = of_compartment AND epoch = old_epoch
       AND emptied_at IS NOT NULL AND destroyed_at IS NULL;
$$;

-- Finishes the rotation that was asked for, if every compartment has an epoch begun since then and no
-- older one with anything under it; answers whether none is unfinished now.
CREATE FUNCTION keys.finish_rotation() RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE keys.rotation r SET finished_at = clock_timestamp()
     WHERE r.finished_at IS NULL
       AND NOT EXISTS (SELECT FROM keys.branch_key GROUP BY compartment
                       HAVING max(made_at) < r.asked_at)
       AND NOT EXISTS (SELECT FROM keys.branch_key
                        WHERE closing_at IS NOT NULL AND emptied_at IS NULL);
    RETURN NOT EXISTS (SELECT FROM keys.rotation WHERE finished_at IS NULL);
END
$$;

REVOKE ALL ON FUNCTION keys.ask_for_rotation, keys.ask_for_due_rotation, keys.begin_epoch, keys.rewrap,
    keys.empty_epoch, keys.note_destroyed, keys.finish_rotation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keys.ask_for_rotation, keys.begin_epoch, keys.rewrap, keys.empty_epoch,
    keys.note_destroyed, keys.finish_rotation TO vouchsafe_keeper;
GRANT EXECUTE ON FUNCTION keys.ask_for_due_rotation TO vouchsafe_clerk;
