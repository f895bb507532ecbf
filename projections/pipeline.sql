-- name: create!
-- Makes the tables: a row a relationship with its document, and what is remembered of places.
CREATE TABLE {pipeline} (
    relationship uuid PRIMARY KEY,
    position     bigint NOT NULL,
    changed      bigint NOT NULL,
    place        uuid NOT NULL,
    notebook     uuid NOT NULL,
    stage        text NOT NULL,
    memory       text NOT NULL,
    document     text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE UNIQUE INDEX ON {pipeline} (position);
CREATE INDEX ON {pipeline} (stage, position);
CREATE INDEX ON {pipeline} (changed);
CREATE TABLE {pipeline_place} (
    place  uuid PRIMARY KEY,
    memory text NOT NULL
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);

-- name: keep_relationships!
-- Writes the relationships of a batch.
INSERT INTO {pipeline} (relationship, position, changed, place, notebook, stage, memory, document)
SELECT * FROM unnest(:ids::uuid[], :positions::bigint[], :changed::bigint[], :places::uuid[],
                     :notebooks::uuid[], :stages::text[], :memories::text[], :documents::text[])
    ON CONFLICT (relationship) DO UPDATE
   SET changed = excluded.changed, stage = excluded.stage, memory = excluded.memory,
       document = excluded.document;
