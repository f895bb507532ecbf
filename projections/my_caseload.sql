-- name: create!
-- Makes the tables: a row a relationship with its mentor's document, a row a mentor, and what is
-- remembered of places.
CREATE TABLE {my_caseload} (
    relationship uuid PRIMARY KEY,
    position     bigint NOT NULL,
    changed      bigint NOT NULL,
    place        uuid NOT NULL,
    notebook     uuid NOT NULL,
    mentor       uuid,
    memory       text NOT NULL,
    document     text NOT NULL
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {my_caseload} (mentor, position) WHERE mentor IS NOT NULL;
CREATE TABLE {my_caseload_mentor} (
    profile  uuid PRIMARY KEY,
    mentor   uuid NOT NULL UNIQUE,
    changed  bigint NOT NULL,
    applied  bigint NOT NULL UNIQUE,
    takes    integer NOT NULL,
    memory   text NOT NULL,
    document text NOT NULL
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {my_caseload_mentor} (takes DESC, applied) WHERE takes > 0;
CREATE TABLE {my_caseload_place} (
    place  uuid PRIMARY KEY,
    memory text NOT NULL
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);

-- name: keep_relationships!
-- Writes the relationships of a batch.
INSERT INTO {my_caseload} (relationship, position, changed, place, notebook, mentor, memory, document)
SELECT * FROM unnest(:ids::uuid[], :positions::bigint[], :changed::bigint[], :places::uuid[],
                     :notebooks::uuid[], :mentors::uuid[], :memories::text[], :documents::text[])
    ON CONFLICT (relationship) DO UPDATE
   SET changed = excluded.changed, mentor = excluded.mentor, memory = excluded.memory,
       document = excluded.document;

-- name: remembered_mentors
-- What is remembered of mentors, by their profiles.
SELECT profile, memory FROM {my_caseload_mentor} WHERE profile = ANY(:ids::uuid[]);

-- name: keep_mentors!
-- Writes the mentors of a batch.
INSERT INTO {my_caseload_mentor} (profile, mentor, changed, applied, takes, memory, document)
SELECT * FROM unnest(:ids::uuid[], :mentors::uuid[], :changed::bigint[], :applied::bigint[],
                     :takes::integer[], :memories::text[], :documents::text[])
    ON CONFLICT (profile) DO UPDATE
   SET changed = excluded.changed, takes = excluded.takes, memory = excluded.memory,
       document = excluded.document;

-- name: forget_mentors!
-- Deletes the mentors whose profiles were erased.
DELETE FROM {my_caseload_mentor} WHERE profile = ANY(:ids::uuid[]);
