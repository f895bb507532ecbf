-- name: places_of_person
-- Which places a person has.
SELECT place, agreement, relationship FROM read.own_place WHERE mentee = :person ORDER BY place;

-- name: enquiries
-- The enquiries of one stage in the order they were made.
SELECT enquiry, position, kind, stage, made_at
  FROM read.enquiry WHERE stage = :stage AND position > :after ORDER BY position LIMIT :most;
