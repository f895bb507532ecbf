-- name: create!
-- Makes the table: whose words stand in which event of which stream.
CREATE TABLE {own_words} (
    owner    uuid NOT NULL,
    position bigint NOT NULL,
    stream   uuid NOT NULL,
    version  integer NOT NULL,
    PRIMARY KEY (owner, position)
);
CREATE INDEX ON {own_words} (stream);

-- name: note!
-- Writes whose words stand in the events of a batch.
INSERT INTO {own_words} (owner, stream, version, position)
SELECT * FROM unnest(:owners::uuid[], :streams::uuid[], :versions::integer[], :positions::bigint[]);

-- name: forget!
-- Takes out the streams that an erasure deleted.
DELETE FROM {own_words} WHERE stream = ANY(:streams::uuid[]);
