-- name: create!
-- Makes the tables: a row a group, and who is or was in it.
CREATE TABLE {mentoring_group} (
    id          uuid PRIMARY KEY,
    position    bigint NOT NULL,
    facilitator uuid NOT NULL,
    programme   uuid NOT NULL,
    members     integer NOT NULL DEFAULT 0,
    is_open     boolean NOT NULL DEFAULT true
) WITH (fillfactor = 80);
CREATE INDEX ON {mentoring_group} (position) WHERE is_open;
CREATE INDEX ON {mentoring_group} (programme, position) WHERE is_open;
CREATE TABLE {mentoring_group_person} (
    id     uuid NOT NULL,
    person uuid NOT NULL,
    PRIMARY KEY (id, person)
);
CREATE INDEX ON {mentoring_group_person} (person);

-- name: form!
-- Writes a new group.
INSERT INTO {mentoring_group} (id, position, facilitator, programme)
VALUES (:group, :position, :facilitator, :programme);

-- name: note_person!
-- Writes that somebody is or was in it.
INSERT INTO {mentoring_group_person} (id, person) VALUES (:group, :person)
    ON CONFLICT DO NOTHING;

-- name: count!
-- Writes that there are more in it, or fewer.
UPDATE {mentoring_group} SET members = members + :more WHERE id = :group;

-- name: close!
-- Writes that it has ended.
UPDATE {mentoring_group} SET is_open = false WHERE id = :group;
