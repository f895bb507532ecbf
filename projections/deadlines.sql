-- name: create!
-- Makes the table: what falls due in which relationship, and when.
CREATE TABLE {deadlines} (
    relationship uuid NOT NULL,
    proposal     uuid NOT NULL,
    version      integer NOT NULL,
    what         text NOT NULL,
    due_at       timestamptz NOT NULL,
    PRIMARY KEY (relationship, what)
);
CREATE INDEX ON {deadlines} (due_at);

-- name: set!
-- Sets a deadline; a relationship has one open proposal at most.
INSERT INTO {deadlines} (relationship, proposal, version, what, due_at)
VALUES (:relationship, :proposal, :version, :what, :due_at)
    ON CONFLICT (relationship, what) DO UPDATE
   SET proposal = excluded.proposal, version = excluded.version, due_at = excluded.due_at;

-- name: lift!
-- Takes a deadline away that has become moot.
DELETE FROM {deadlines} WHERE relationship = :relationship AND what = :what;
