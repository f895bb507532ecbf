-- name: create!
-- Makes the tables: a row a relationship with its mentee's document, and what is remembered of places.
CREATE TABLE {my_mentoring} (
    relationship uuid PRIMARY KEY,
    position     bigint NOT NULL,
    changed      bigint NOT NULL,
    place        uuid NOT NULL,
    notebook     uuid NOT NULL,
    mentee       uuid NOT NULL,
    memory       text NOT NULL,
    document     text NOT NULL,
    reasons      text
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {my_mentoring} (mentee, position);
CREATE TABLE {my_mentoring_place} (
    place  uuid PRIMARY KEY,
    memory text NOT NULL
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);

-- name: keep_relationships!
-- Writes the relationships of a batch.
INSERT INTO {my_mentoring} (relationship, position, changed, place, notebook, mentee, memory,
                            document, reasons)
SELECT * FROM unnest(:ids::uuid[], :positions::bigint[], :changed::bigint[], :places::uuid[],
                     :notebooks::uuid[], :mentees::uuid[], :memories::text[], :documents::text[],
                     :reasons::text[])
    ON CONFLICT (relationship) DO UPDATE
   SET changed = excluded.changed, memory = excluded.memory, document = excluded.document,
       reasons = excluded.reasons;
