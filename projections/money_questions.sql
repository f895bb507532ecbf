-- name: agreements
-- The agreements after a position, in the order of their signing.
SELECT agreement, position, organisation, memory
  FROM read.places_and_money WHERE position > :after ORDER BY position LIMIT :most;

-- name: agreement_figures
-- One agreement and the ledger of its places as it stands.
SELECT agreement, position, organisation, memory
  FROM read.places_and_money WHERE agreement = :agreement;

-- name: agreements_of_contact
-- The agreements of the organisations that somebody looks after, in the order of their signing.
SELECT a.agreement
  FROM read.places_and_money_contact c JOIN read.places_and_money a USING (organisation)
 WHERE c.person = :person ORDER BY a.position;

-- name: months
-- The figures of an agreement by month, those before a month alone.
SELECT month, used, released, lines, invoiced, paid, credited
  FROM read.places_and_money_month
 WHERE agreement = :agreement AND month < :before ORDER BY month;

-- name: places_of
-- The places that an agreement pays for.
SELECT place FROM read.places_and_money_place WHERE agreement = :agreement ORDER BY place;

-- name: open_on_agreement
-- The open relationships that rest on the places of an agreement, matched or not.
SELECT r.relationship
  FROM read.places_and_money_place p JOIN read.places_and_money_relationship r USING (place)
 WHERE p.agreement = :agreement AND r.is_open ORDER BY r.relationship;

-- name: asked_for_on_agreement
-- Every relationship, open or not, that was asked for on a place of an agreement, with what is remembered of the place.
SELECT r.relationship, p.memory
  FROM read.places_and_money_place p JOIN read.places_and_money_relationship r USING (place)
 WHERE p.agreement = :agreement ORDER BY r.relationship;

-- name: agreements_over
-- The agreements whose period is over and that have not ended, the longest over first.
SELECT agreement, over_at
  FROM read.places_and_money WHERE over_at <= :at ORDER BY over_at, agreement LIMIT :most;
