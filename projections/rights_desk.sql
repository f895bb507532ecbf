-- name: create!
-- Makes the table: each request to be erased, whose, where it stands and when it is due.
CREATE TABLE {rights_desk} (
    erasure   uuid PRIMARY KEY,
    position  bigint NOT NULL,
    person    uuid NOT NULL,
    stage     text NOT NULL,
    due_on    date NOT NULL,
    review_on date
);
CREATE UNIQUE INDEX ON {rights_desk} (position);
CREATE INDEX ON {rights_desk} (stage, position);

-- name: ask!
-- Writes a new request.
INSERT INTO {rights_desk} (erasure, position, person, stage, due_on)
VALUES (:erasure, :position, :person, 'requested', :due_on);

-- name: change!
-- Writes where a request stands now.
UPDATE {rights_desk} SET stage = :stage, review_on = :review_on WHERE erasure = :erasure;
