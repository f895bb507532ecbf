-- name: create!
-- Makes the table: who takes part in which relationship, and whether it is open for them.
CREATE TABLE {participation} (
    relationship uuid NOT NULL,
    person       uuid NOT NULL,
    part         text NOT NULL,
    is_open      boolean NOT NULL,
    PRIMARY KEY (relationship, person, part)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {participation} (person);

-- name: remembered
-- Who takes part in relationships.
SELECT relationship, person, part, is_open
  FROM {participation} WHERE relationship = ANY(:ids::uuid[]);

-- name: clear!
-- Takes everybody out of the relationships of a batch, before those who stay are written.
DELETE FROM {participation} WHERE relationship = ANY(:ids::uuid[]);

-- name: keep!
-- Writes who takes part in the relationships of a batch.
INSERT INTO {participation} (relationship, person, part, is_open)
SELECT * FROM unnest(:relationships::uuid[], :people::uuid[], :parts::text[], :open::boolean[]);
