-- name: pipeline_page
-- The relationships after a cursor in the order of their requests, of one stage or of all.
SELECT position, relationship, document
  FROM read.pipeline
 WHERE (position, relationship) > (:after_position, :after_relationship)
 ORDER BY position, relationship LIMIT :most;

-- name: pipeline_page_of_stage
-- The relationships of one stage after a cursor in the order of their requests.
SELECT position, relationship, document
  FROM read.pipeline
 WHERE stage = :stage
   AND (position, relationship) > (:after_position, :after_relationship)
 ORDER BY position, relationship LIMIT :most;

-- name: pipeline_counts
-- How many relationships stand in each stage.
SELECT stage, count(*) FROM read.pipeline GROUP BY stage ORDER BY stage;

-- name: pipeline_row
-- One relationship as a coordinator sees it.
SELECT document FROM read.pipeline WHERE relationship = :relationship;

-- name: own_relationships
-- A mentee's relationships in the order of their requests.
SELECT relationship, document, reasons
  FROM read.my_mentoring WHERE mentee = :mentee ORDER BY position;

-- name: participation_of_person
-- In which relationships a person has which part.
SELECT relationship, person, part, is_open
  FROM read.participation WHERE person = :person ORDER BY relationship, part;

-- name: participation_in_relationship
-- Who has which part in a relationship.
SELECT relationship, person, part, is_open
  FROM read.participation WHERE relationship = :relationship ORDER BY person, part;

-- name: open_relationships
-- In which open relationships a person takes part or is proposed.
SELECT DISTINCT relationship
  FROM read.participation WHERE person = :person AND is_open ORDER BY relationship;

-- name: due_deadlines
-- What has fallen due by a moment, the longest due first.
SELECT relationship, proposal, version, what, due_at
  FROM read.deadlines WHERE due_at <= :at ORDER BY due_at, relationship LIMIT :most;

-- name: positions
-- Where every read model stands.
SELECT name, version, tables, position, stopped_at, stopped_position, stopped_reason
  FROM read.position;
