-- name: create!
-- Makes the table: who takes part in which relationship, and whether it is open for them.
CREATE TABLE {participation} (
    relationship uuid NOT NULL,
    person       uuid NOT NULL,
    part         text NOT NULL,
    is_open      boolean NOT NULL,
    PRIMARY KEY (relationship, person, part)
);
CREATE INDEX ON {participation} (person);

-- name: join_in!
-- Notes a person's part in a relationship.
INSERT INTO {participation} (relationship, person, part, is_open)
VALUES (:relationship, :person, :part, true)
    ON CONFLICT (relationship, person, part) DO UPDATE SET is_open = true;

-- name: end_proposal!
-- Takes out whoever was only proposed.
DELETE FROM {participation} WHERE relationship = :relationship AND part = 'proposed_mentor';

-- name: close!
-- Closes a relationship for everybody in it.
UPDATE {participation} SET is_open = false WHERE relationship = :relationship;
