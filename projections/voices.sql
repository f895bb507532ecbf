-- name: create!
-- Makes the table: each story and suggestion, whose it is, where it stands, where in the log that changed last, and
-- since when words are kept that go after their period.
CREATE TABLE {voice} (
    record   uuid PRIMARY KEY,
    position bigint NOT NULL,
    kind     text NOT NULL,
    person   uuid,
    stage    text NOT NULL,
    answered_at timestamptz
);
CREATE INDEX ON {voice} (kind, stage, position);
CREATE INDEX ON {voice} (person, kind, position);
CREATE INDEX ON {voice} (answered_at) WHERE answered_at IS NOT NULL;

-- name: begin!
-- Writes what waits to be looked at.
INSERT INTO {voice} (record, position, kind, person, stage)
VALUES (:record, :position, :kind, :person, 'waiting');

-- name: stand!
-- Writes where it stands now.
UPDATE {voice} SET stage = :stage, position = :position WHERE record = :record;

-- name: keep_from!
-- Writes since when the words of a suggestion are kept; not any more, once they are destroyed.
UPDATE {voice} SET answered_at = :answered_at WHERE record = :record;

-- name: erase!
-- Takes away a person's story, and whose their suggestions were.
WITH away AS (DELETE FROM {voice} WHERE record = ANY(:gone))
UPDATE {voice} SET person = NULL WHERE person = ANY(:gone) AND kind = 'suggestion';
