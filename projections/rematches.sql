-- name: create!
-- Makes the tables: each request with its mentee and place, and each wish for another partner that waits.
CREATE TABLE {rematch_request} (
    relationship uuid PRIMARY KEY,
    mentee       uuid NOT NULL,
    place        uuid NOT NULL,
    mentor       uuid,
    is_closed    boolean NOT NULL DEFAULT false
);
CREATE INDEX ON {rematch_request} (mentee, place) WHERE NOT is_closed;
CREATE TABLE {rematch_wish} (
    relationship uuid NOT NULL,
    person       uuid NOT NULL,
    position     bigint NOT NULL,
    reason       text NOT NULL,
    wished_at    timestamptz NOT NULL,
    is_mentee    boolean NOT NULL,
    is_settled   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (relationship, person)
);
CREATE INDEX ON {rematch_wish} (position) WHERE NOT is_settled;
CREATE INDEX ON {rematch_wish} (person) WHERE NOT is_settled;

-- name: request!
-- Writes a new request.
INSERT INTO {rematch_request} (relationship, mentee, place) VALUES (:relationship, :mentee, :place);

-- name: wish!
-- Writes that a party would like somebody else.
INSERT INTO {rematch_wish} (relationship, person, position, reason, wished_at, is_mentee)
SELECT :relationship, :person, :position, :reason, :wished_at, r.mentee = :person
  FROM {rematch_request} r WHERE r.relationship = :relationship
    ON CONFLICT DO NOTHING;

-- name: match!
-- Notes who was matched; the wishes of both from earlier relationships are met.
WITH matched AS (
    UPDATE {rematch_request} SET mentor = :mentor WHERE relationship = :relationship
    RETURNING mentee
)
UPDATE {rematch_wish} w SET is_settled = true
  FROM matched m
 WHERE NOT w.is_settled AND w.relationship <> :relationship AND w.person IN (m.mentee, :mentor);

-- name: close!
-- Notes that a relationship is over.
UPDATE {rematch_request} SET is_closed = true WHERE relationship = :relationship;

-- name: settle_all!
-- Takes an erased person's wishes off the list.
UPDATE {rematch_wish} SET is_settled = true WHERE person = ANY(:people) AND NOT is_settled;
