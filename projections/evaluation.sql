-- name: create!
-- Makes the table: each response, about whom, in which lot, since when, and whether whom it is about was erased.
CREATE TABLE {evaluation_response} (
    response    uuid PRIMARY KEY,
    about       uuid NOT NULL,
    lot         integer NOT NULL,
    given_at    timestamptz NOT NULL,
    is_orphaned boolean NOT NULL DEFAULT false
);
CREATE INDEX ON {evaluation_response} (about, lot);
CREATE INDEX ON {evaluation_response} (given_at);
CREATE INDEX ON {evaluation_response} (response) WHERE is_orphaned;

-- name: give!
-- Writes a new response.
INSERT INTO {evaluation_response} (response, about, lot, given_at)
VALUES (:response, :about, :lot, :given_at);

-- name: forget!
-- Takes a response away that was destroyed.
DELETE FROM {evaluation_response} WHERE response = :response;

-- name: orphan!
-- Notes that whom responses are about was erased.
UPDATE {evaluation_response} SET is_orphaned = true WHERE about = ANY(:people);
