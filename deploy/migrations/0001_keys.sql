-- Data keys and branch keys, one partition a compartment: whoever may not open a compartment may
-- not even read its wrapped keys. A destroyed key stays behind as a tombstone without its bytes.

CREATE SCHEMA keys;
GRANT USAGE ON SCHEMA keys TO vouchsafe_api, vouchsafe_worker, vouchsafe_clerk;

CREATE TABLE keys.branch_key (
    compartment text NOT NULL,
    epoch       integer NOT NULL CHECK (epoch > 0),
    wrapped_key bytea NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (compartment, epoch)
) PARTITION BY LIST (compartment);

CREATE TABLE keys.data_key (
    compartment  text NOT NULL,
    key_id       uuid NOT NULL,
    owner        uuid NOT NULL,
    purpose      text NOT NULL,
    state        text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'retired', 'destroyed')),
    epoch        integer NOT NULL,
    wrapped_key  bytea,
    made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_at timestamptz,
    PRIMARY KEY (compartment, key_id),
    CHECK ((state = 'destroyed') = (wrapped_key IS NULL)),
    CHECK ((state = 'destroyed') = (destroyed_at IS NOT NULL))
) PARTITION BY LIST (compartment);

-- One live key per owner and purpose: two commands that make one at the same moment cannot both win.
CREATE UNIQUE INDEX data_key_live ON keys.data_key (compartment, owner, purpose)
    WHERE state = 'live';
CREATE INDEX data_key_owner ON keys.data_key (compartment, owner, purpose);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['operational', 'contact', 'personal', 'special', 'safeguarding']
    LOOP
        EXECUTE format('CREATE TABLE keys.%I PARTITION OF keys.branch_key FOR VALUES IN (%L)',
                       'branch_key_' || name, name);
        EXECUTE format('CREATE TABLE keys.%I PARTITION OF keys.data_key FOR VALUES IN (%L)',
                       'data_key_' || name, name);
        EXECUTE format('GRANT SELECT ON keys.%I, keys.%I TO vouchsafe_api',
                       'branch_key_' || name, 'data_key_' || name);
    END LOOP;
END
$$;

GRANT SELECT ON keys.branch_key_operational, keys.data_key_operational
    TO vouchsafe_worker, vouchsafe_clerk;
GRANT SELECT ON keys.branch_key_contact, keys.data_key_contact TO vouchsafe_clerk;
