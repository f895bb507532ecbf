-- name: create!
-- Makes the table: what falls due in which relationship, and when.
CREATE TABLE {deadlines} (
    relationship uuid NOT NULL,
    proposal     uuid NOT NULL,
    version      integer NOT NULL,
    what         text NOT NULL,
    due_at       timestamptz NOT NULL,
    PRIMARY KEY (relationship, what)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {deadlines} (due_at);

-- name: lift!
-- Takes the deadlines of relationships away.
DELETE FROM {deadlines} WHERE relationship = ANY(:ids::uuid[]) AND what = :what;

-- name: set!
-- Sets deadlines; a relationship has one open proposal at most.
INSERT INTO {deadlines} (relationship, proposal, version, what, due_at)
SELECT relationship, proposal, version, :what, due_at
  FROM unnest(:ids::uuid[], :proposals::uuid[], :versions::integer[], :due_at::timestamptz[])
    AS t(relationship, proposal, version, due_at);
