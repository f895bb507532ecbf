-- name: create!
-- Makes the table: who has which role, and whether they are active.
CREATE TABLE {duty} (
    person    uuid NOT NULL,
    role      text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    PRIMARY KEY (role, person)
);
CREATE INDEX ON {duty} (person);

-- name: grant!
-- Writes a role that somebody has from now on.
INSERT INTO {duty} (person, role) VALUES (:person, :role) ON CONFLICT DO NOTHING;

-- name: revoke!
-- Takes a role away.
DELETE FROM {duty} WHERE person = :person AND role = :role;

-- name: rest!
-- Notes that somebody takes no part for now.
UPDATE {duty} SET is_active = false WHERE person = :person;

-- name: return_to_duty!
-- Notes that they do again.
UPDATE {duty} SET is_active = true WHERE person = :person;

-- name: forget!
-- Takes out whoever was erased.
DELETE FROM {duty} WHERE person = ANY(:people::uuid[]);
