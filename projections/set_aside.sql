-- name: create
-- Makes the one table of the streams that read models leave out.
CREATE TABLE IF NOT EXISTS read.set_aside (
    name     text NOT NULL,
    stream   uuid NOT NULL,
    position bigint NOT NULL,
    topic    text NOT NULL,
    record   text NOT NULL,
    PRIMARY KEY (name, stream)
);
GRANT SELECT ON read.set_aside TO vouchsafe_reader;

-- name: streams
-- Which streams a read model leaves out.
SELECT stream FROM read.set_aside WHERE name = :name;

-- name: found
-- Each stream that one of these read models leaves out, with the first damage that was met.
SELECT DISTINCT ON (stream) stream, position, record
  FROM read.set_aside WHERE name = ANY(:names::text[]) ORDER BY stream, position;

-- name: add!
-- Sets streams aside.
INSERT INTO read.set_aside (name, stream, position, topic, record)
SELECT :name, * FROM unnest(:streams::uuid[], :positions::bigint[], :topics::text[],
                            :records::text[]);

-- name: forget!
-- Takes the streams of a read model off the list.
DELETE FROM read.set_aside WHERE name = :name;

-- name: replace!
-- Gives a read model the list of the tables that took the place of its own.
UPDATE read.set_aside SET name = :name WHERE name = :rebuilt;
