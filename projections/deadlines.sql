-- name: create!
-- Makes the table: what is remembered of each relationship, and the one thing that is due next in it.
CREATE TABLE {deadlines} (
    relationship uuid PRIMARY KEY,
    proposal     uuid,
    version      integer,
    what         text,
    due_at       timestamptz,
    memory       text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {deadlines} (due_at) WHERE due_at IS NOT NULL;

-- name: remembered
-- What is remembered of relationships.
SELECT relationship, memory FROM {deadlines} WHERE relationship = ANY(:ids::uuid[]);

-- name: keep!
-- Writes the relationships of a batch.
INSERT INTO {deadlines} (relationship, proposal, version, what, due_at, memory)
SELECT * FROM unnest(:ids::uuid[], :proposals::uuid[], :versions::integer[], :whats::text[],
                     :due_at::timestamptz[], :memories::text[])
    ON CONFLICT (relationship) DO UPDATE
   SET proposal = excluded.proposal, version = excluded.version, what = excluded.what,
       due_at = excluded.due_at, memory = excluded.memory;
