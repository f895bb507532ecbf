-- name: create!
-- Makes the tables: when each person was last heard of and what was announced to them, and whose relationships closed when.
CREATE TABLE {kept_person} (
    person       uuid PRIMARY KEY,
    active_at    timestamptz NOT NULL,
    ends_on      date,
    announced_at timestamptz
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE TABLE {kept_pair} (
    relationship uuid NOT NULL,
    person       uuid NOT NULL,
    closed_at    timestamptz,
    PRIMARY KEY (relationship, person)
);
CREATE INDEX ON {kept_person} (active_at);
CREATE INDEX ON {kept_person} (announced_at) WHERE ends_on IS NOT NULL;
CREATE INDEX ON {kept_pair} (person);

-- name: know!
-- Writes a new person.
INSERT INTO {kept_person} (person, active_at) VALUES (:person, :at);

-- name: pair!
-- Writes who has a part in a relationship.
INSERT INTO {kept_pair} (relationship, person) VALUES (:relationship, :person) ON CONFLICT DO NOTHING;

-- name: hear!
-- Writes when people were last heard of; whoever is no person of the scheme is none here.
UPDATE {kept_person} k SET active_at = h.moment
  FROM unnest(:people::uuid[], :moments::timestamptz[]) AS h(person, moment)
 WHERE k.person = h.person AND k.active_at < h.moment;

-- name: close!
-- Writes when a relationship closed.
UPDATE {kept_pair} SET closed_at = :at WHERE relationship = :relationship;

-- name: announce!
-- Writes on which day somebody's record ends, and when that was said.
UPDATE {kept_person} SET ends_on = :ends_on, announced_at = :at WHERE person = :person;

-- name: put_off!
-- Takes back what was announced.
UPDATE {kept_person} SET ends_on = NULL, announced_at = NULL WHERE person = :person;

-- name: forget!
-- Takes out whoever was erased.
DELETE FROM {kept_person} WHERE person = :person;
