-- name: create
-- Makes the one table that every read model's position stands in.
CREATE TABLE IF NOT EXISTS read.position (
    name             text PRIMARY KEY,
    version          integer NOT NULL,
    tables           text[] NOT NULL,
    position         bigint NOT NULL DEFAULT 0,
    stopped_at       timestamptz,
    stopped_position bigint,
    stopped_reason   text
) WITH (fillfactor = 10);
GRANT SELECT ON read.position TO vouchsafe_reader;

-- name: lock_preparation
-- Lets one process at a time make or swap tables.
SELECT pg_advisory_xact_lock(7012028);

-- name: standings
-- Where every read model stands.
SELECT name, version, tables, position, stopped_at, stopped_position, stopped_reason
  FROM read.position;

-- name: standing
-- Where one read model stands, held still until the transaction ends.
SELECT name, version, tables, position, stopped_at, stopped_position, stopped_reason
  FROM read.position WHERE name = :name FOR UPDATE;

-- name: begin!
-- Gives a new read model its position before the first event.
INSERT INTO read.position (name, version, tables) VALUES (:name, :version, :tables);

-- name: forget!
-- Takes a position away.
DELETE FROM read.position WHERE name = :name;

-- name: advance
-- Moves a position if it is still where the caller found it, and says so to whoever listens.
WITH moved AS (
    UPDATE read.position SET position = :new
     WHERE name = :name AND position = :old AND version = :version AND stopped_at IS NULL
 RETURNING name, position
)
SELECT pg_notify('read_position', name || ' ' || position) FROM moved;

-- name: pass
-- Moves the positions of several that nothing on the way concerns, and says so to whoever listens.
WITH moved AS (
    UPDATE read.position p SET position = :new
      FROM unnest(:names::text[], :versions::integer[]) AS given(name, version)
     WHERE p.name = given.name AND p.version = given.version
       AND p.position = :old AND p.stopped_at IS NULL
 RETURNING p.name, p.position
)
SELECT pg_notify('read_position', name || ' ' || position) FROM moved;

-- name: stop!
-- Stops a read model before the position that it cannot pass.
UPDATE read.position
   SET stopped_at = clock_timestamp(), stopped_position = :stopped_position,
       stopped_reason = :reason
 WHERE name = :name AND position = :position AND stopped_at IS NULL;

-- name: resume
-- Lets a stopped read model try again, and wakes the worker.
WITH resumed AS (
    UPDATE read.position
       SET stopped_at = NULL, stopped_position = NULL, stopped_reason = NULL
     WHERE name = :name AND stopped_at IS NOT NULL
 RETURNING name
)
SELECT pg_notify('read_resume', name) FROM resumed;

-- name: replace
-- Gives the live name the shape and position of the tables that took its place.
WITH moved AS (
    UPDATE read.position
       SET version = :version, tables = :tables, position = :position,
           stopped_at = NULL, stopped_position = NULL, stopped_reason = NULL
     WHERE name = :name
 RETURNING name, position
)
SELECT pg_notify('read_position', name || ' ' || position) FROM moved;
