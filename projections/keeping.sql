-- name: create!
-- Makes the tables: when each person was last heard of and what was announced to them, each with its position, and whose
-- relationships closed when.
CREATE TABLE {kept_person} (
    person       uuid PRIMARY KEY,
    active_at    timestamptz NOT NULL,
    heard_in     bigint NOT NULL,
    ends_on      date,
    announced_in bigint
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE TABLE {kept_pair} (
    relationship uuid NOT NULL,
    person       uuid NOT NULL,
    closed_at    timestamptz,
    PRIMARY KEY (relationship, person)
);
CREATE INDEX ON {kept_person} (active_at) WHERE ends_on IS NULL;
CREATE INDEX ON {kept_person} (ends_on) WHERE ends_on IS NOT NULL;
CREATE INDEX ON {kept_person} (announced_in) WHERE announced_in < heard_in;
CREATE INDEX ON {kept_pair} (person);

-- name: know!
-- Writes a new person.
INSERT INTO {kept_person} (person, active_at, heard_in) VALUES (:person, :at, :position);

-- name: pair!
-- Writes who has a part in a relationship.
INSERT INTO {kept_pair} (relationship, person) VALUES (:relationship, :person) ON CONFLICT DO NOTHING;

-- name: hear!
-- Writes when people were last heard of; whoever is no person of the scheme is none here.
UPDATE {kept_person} k SET active_at = greatest(k.active_at, h.moment), heard_in = h.position
  FROM unnest(:people::uuid[], :moments::timestamptz[], :positions::bigint[]) AS h(person, moment, position)
 WHERE k.person = h.person;

-- name: close!
-- Writes when a relationship closed.
UPDATE {kept_pair} SET closed_at = :at WHERE relationship = :relationship;

-- name: announce!
-- Writes on which day somebody's record ends, and where that was said.
UPDATE {kept_person} SET ends_on = :ends_on, announced_in = :position WHERE person = :person;

-- name: put_off!
-- Takes back what was announced.
UPDATE {kept_person} SET ends_on = NULL, announced_in = NULL WHERE person = :person;

-- name: forget!
-- Takes out whoever was erased.
DELETE FROM {kept_person} WHERE person = :person;
