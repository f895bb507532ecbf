-- name: create!
-- Makes the table: each place, its agreement, whose it is, and which relationship holds it.
CREATE TABLE {own_place} (
    place        uuid PRIMARY KEY,
    agreement    uuid NOT NULL,
    mentee       uuid,
    relationship uuid
) WITH (fillfactor = 80);
CREATE INDEX ON {own_place} (mentee) WHERE mentee IS NOT NULL;

-- name: grant!
-- Writes a new place.
INSERT INTO {own_place} (place, agreement) VALUES (:place, :value);

-- name: assign!
-- Writes whose it is.
UPDATE {own_place} SET mentee = :value WHERE place = :place;

-- name: hold!
-- Writes which relationship holds it now.
UPDATE {own_place} SET relationship = :value WHERE place = :place;
