-- name: places_of_person
-- Which places a person has.
SELECT place, agreement, relationship FROM read.own_place WHERE mentee = :person ORDER BY place;

-- name: enquiries
-- The enquiries of one stage in the order they were made.
SELECT enquiry, position, kind, stage, made_at
  FROM read.enquiry WHERE stage = :stage AND position > :after ORDER BY position LIMIT :most;

-- name: enquiries_kept
-- The enquiries that nobody has answered, or that were answered, since before two moments, the oldest of each first.
(SELECT enquiry, stage, since FROM read.enquiry
  WHERE stage = 'open' AND since <= :unanswered ORDER BY since LIMIT :most)
UNION ALL
(SELECT enquiry, stage, since FROM read.enquiry
  WHERE stage = 'answered' AND since <= :answered ORDER BY since LIMIT :most);
