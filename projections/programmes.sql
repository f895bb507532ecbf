-- name: create!
-- Makes the table: a row a programme.
CREATE TABLE {programme} (
    id       uuid PRIMARY KEY,
    position bigint NOT NULL,
    name     text NOT NULL
);
CREATE INDEX ON {programme} (position);

-- name: open!
-- Writes a new programme.
INSERT INTO {programme} (id, position, name) VALUES (:programme, :position, :name);

-- name: call!
-- Writes what it is called from now on.
UPDATE {programme} SET name = :name WHERE id = :programme;
