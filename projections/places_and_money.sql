-- name: create!
-- Makes the tables: a row an agreement, its figures by month, its places and what rests on them, and sponsor contacts.
CREATE TABLE {places_and_money} (
    agreement    uuid PRIMARY KEY,
    position     bigint NOT NULL,
    organisation uuid NOT NULL,
    over_at      timestamptz,
    memory       text NOT NULL
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {places_and_money} (position);
CREATE INDEX ON {places_and_money} (organisation, position);
CREATE INDEX ON {places_and_money} (over_at) WHERE over_at IS NOT NULL;
CREATE TABLE {places_and_money_month} (
    agreement uuid NOT NULL,
    month     date NOT NULL,
    used      bigint NOT NULL,
    released  bigint NOT NULL,
    lines     bigint NOT NULL,
    invoiced  bigint NOT NULL,
    paid      bigint NOT NULL,
    credited  bigint NOT NULL,
    PRIMARY KEY (agreement, month)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
CREATE TABLE {places_and_money_place} (
    place     uuid PRIMARY KEY,
    agreement uuid NOT NULL,
    memory    text NOT NULL
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {places_and_money_place} (agreement);
CREATE TABLE {places_and_money_relationship} (
    relationship uuid PRIMARY KEY,
    place        uuid NOT NULL,
    is_open      boolean NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {places_and_money_relationship} (place);
CREATE TABLE {places_and_money_contact} (
    organisation uuid NOT NULL,
    person       uuid NOT NULL,
    PRIMARY KEY (person, organisation)
);

-- name: remembered_agreements
-- What is remembered of agreements.
SELECT agreement, memory FROM {places_and_money} WHERE agreement = ANY(:ids::uuid[]);

-- name: remembered_places
-- What is remembered of places.
SELECT place, memory FROM {places_and_money_place} WHERE place = ANY(:ids::uuid[]);

-- name: keep_agreements!
-- Writes the agreements of a batch.
INSERT INTO {places_and_money} (agreement, position, organisation, over_at, memory)
SELECT * FROM unnest(:ids::uuid[], :positions::bigint[], :organisations::uuid[],
                     :over_at::timestamptz[], :memories::text[])
    ON CONFLICT (agreement) DO UPDATE SET over_at = excluded.over_at, memory = excluded.memory;

-- name: keep_places!
-- Writes the places of a batch.
INSERT INTO {places_and_money_place} (place, agreement, memory)
SELECT * FROM unnest(:ids::uuid[], :agreements::uuid[], :memories::text[])
    ON CONFLICT (place) DO UPDATE SET memory = excluded.memory;

-- name: add_to_months!
-- Adds what a batch brought to the figures of its months.
INSERT INTO {places_and_money_month} AS m
       (agreement, month, used, released, lines, invoiced, paid, credited)
SELECT * FROM unnest(:agreements::uuid[], :months::date[], :used::bigint[], :released::bigint[],
                     :lines::bigint[], :invoiced::bigint[], :paid::bigint[], :credited::bigint[])
    ON CONFLICT (agreement, month) DO UPDATE
   SET used = m.used + excluded.used, released = m.released + excluded.released,
       lines = m.lines + excluded.lines, invoiced = m.invoiced + excluded.invoiced,
       paid = m.paid + excluded.paid, credited = m.credited + excluded.credited;

-- name: keep_requests!
-- Writes which relationships were asked for on which place.
INSERT INTO {places_and_money_relationship} (relationship, place, is_open)
SELECT id, place, true FROM unnest(:ids::uuid[], :places::uuid[]) AS t(id, place);

-- name: close!
-- Notes that relationships are closed.
UPDATE {places_and_money_relationship} SET is_open = false WHERE relationship = ANY(:ids::uuid[]);

-- name: name_contact!
-- Lets somebody look after the agreements of an organisation.
INSERT INTO {places_and_money_contact} (organisation, person) VALUES (:organisation, :person)
    ON CONFLICT DO NOTHING;

-- name: end_contact!
-- Lets somebody look after them no more.
DELETE FROM {places_and_money_contact} WHERE organisation = :organisation AND person = :person;
