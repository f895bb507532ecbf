-- name: pipeline_page
-- The relationships after a cursor in the order of their requests, without those of one person, and which
-- of them rest on a stream that was set aside; one whose request was tampered with has no document, but its
-- place in the order.
(SELECT position, relationship, document,
        ARRAY[relationship, place, notebook] && ARRAY(
            SELECT a.stream FROM read.set_aside a
             WHERE a.name = 'pipeline'
               AND (a.topic = :notebook_begun OR NOT starts_with(a.topic, :of_notebooks))
        ) AS is_set_aside
   FROM read.pipeline
  WHERE (position, relationship) > (:after_position, :after_relationship)
    AND relationship <> ALL (ARRAY(SELECT relationship FROM read.participation
                                    WHERE person = :hidden_from::uuid))
  ORDER BY position, relationship LIMIT :most)
UNION ALL
(SELECT a.position, a.stream, NULL, true
   FROM read.set_aside a
  WHERE a.name = 'pipeline' AND a.topic = :requested
    AND (a.position, a.stream) > (:after_position, :after_relationship)
    AND NOT EXISTS (SELECT FROM read.pipeline p WHERE p.relationship = a.stream)
    AND a.stream <> ALL (ARRAY(SELECT relationship FROM read.participation
                                WHERE person = :hidden_from::uuid))
  ORDER BY a.position, a.stream LIMIT :most)
 ORDER BY 1, 2 LIMIT :most;

-- name: pipeline_page_of_stage
-- The relationships of one stage after a cursor, without those of one person, and which of them rest on a
-- stream that was set aside.
SELECT position, relationship, document,
       ARRAY[relationship, place, notebook] && ARRAY(
           SELECT a.stream FROM read.set_aside a
            WHERE a.name = 'pipeline'
              AND (a.topic = :notebook_begun OR NOT starts_with(a.topic, :of_notebooks))
       ) AS is_set_aside
  FROM read.pipeline
 WHERE stage = :stage
   AND (position, relationship) > (:after_position, :after_relationship)
   AND relationship <> ALL (ARRAY(SELECT relationship FROM read.participation
                                   WHERE person = :hidden_from::uuid))
 ORDER BY position, relationship LIMIT :most;

-- name: pipeline_counts
-- How many relationships stand in each stage, without those of one person.
WITH own AS (
    SELECT stage, count(*) AS count FROM read.pipeline
     WHERE relationship IN (SELECT relationship FROM read.participation
                             WHERE person = :hidden_from::uuid)
     GROUP BY stage
)
SELECT stage, count(*) - coalesce((SELECT own.count FROM own WHERE own.stage = p.stage), 0)
  FROM read.pipeline p GROUP BY stage ORDER BY stage;

-- name: pipeline_row
-- One relationship as a coordinator sees it.
SELECT document FROM read.pipeline WHERE relationship = :relationship;

-- name: is_set_aside
-- Whether one relationship of the pipeline rests on a stream that was set aside.
SELECT EXISTS (
    SELECT FROM read.pipeline p JOIN read.set_aside a
        ON a.name = 'pipeline' AND a.stream IN (p.relationship, p.place, p.notebook)
       AND (a.topic = :notebook_begun OR NOT starts_with(a.topic, :of_notebooks))
     WHERE p.relationship = :relationship
);

-- name: pipeline_changes
-- Where the pipeline last changed as each coordinator may see it: not in a relationship of their own. What
-- changed after the list of who takes part was last written is left for later, since it may be theirs.
SELECT seen.person, newest.changed
  FROM unnest(:people::uuid[]) AS seen(person)
 CROSS JOIN LATERAL (
       SELECT p.changed FROM read.pipeline p
        WHERE p.changed <= (SELECT position FROM read.position WHERE name = 'participation')
          AND NOT EXISTS (SELECT FROM read.participation own
                           WHERE own.relationship = p.relationship AND own.person = seen.person)
        ORDER BY p.changed DESC LIMIT 1
       ) AS newest;

-- name: own_changes
-- Where the relationships of each mentee last changed.
SELECT mentee, max(changed)
  FROM read.my_mentoring WHERE mentee = ANY(:people::uuid[]) GROUP BY mentee;

-- name: own_relationships
-- A mentee's relationships in the order of their requests.
SELECT relationship, document, reasons
  FROM read.my_mentoring WHERE mentee = :mentee ORDER BY position;

-- name: own_set_aside
-- Which of a mentee's relationships rest on a stream that was set aside, or cannot be shown at all.
SELECT m.relationship
  FROM read.my_mentoring m JOIN read.set_aside a
    ON a.name = 'my_mentoring' AND a.stream IN (m.relationship, m.place, m.notebook)
   AND (a.topic = :notebook_begun OR NOT starts_with(a.topic, :of_notebooks))
 WHERE m.mentee = :mentee
 UNION
SELECT a.stream
  FROM read.set_aside a JOIN read.participation p ON p.relationship = a.stream
 WHERE a.name = 'my_mentoring' AND p.person = :mentee AND p.part = 'mentee'
 ORDER BY 1;

-- name: caseload_changes
-- Where the caseload of each mentor last changed: a relationship in it, one that left it, or their standing.
SELECT seen.mentor, max(seen.changed)
  FROM (SELECT mentor, changed FROM read.my_caseload WHERE mentor = ANY(:people::uuid[])
         UNION ALL
        SELECT mentor, changed FROM read.my_caseload_mentor WHERE mentor = ANY(:people::uuid[])
       ) AS seen
 GROUP BY seen.mentor;

-- name: caseload
-- A mentor's relationships in the order of their requests.
SELECT document FROM read.my_caseload WHERE mentor = :mentor ORDER BY position;

-- name: standing_of_mentor
-- How a mentor stands with the scheme.
SELECT document FROM read.my_caseload_mentor WHERE profile = :profile;

-- name: caseload_set_aside
-- Which of a mentor's relationships rest on a stream that was set aside, or cannot be shown at all; and
-- their profile, if that was.
SELECT c.relationship
  FROM read.my_caseload c JOIN read.set_aside a
    ON a.name = 'my_caseload' AND a.stream IN (c.relationship, c.place, c.notebook)
   AND (a.topic = :notebook_begun OR NOT starts_with(a.topic, :of_notebooks))
 WHERE c.mentor = :mentor
 UNION
SELECT a.stream
  FROM read.set_aside a JOIN read.participation p ON p.relationship = a.stream
 WHERE a.name = 'my_caseload' AND p.person = :mentor AND p.part IN ('mentor', 'proposed_mentor')
 UNION
SELECT a.stream FROM read.set_aside a WHERE a.name = 'my_caseload' AND a.stream = :profile
 ORDER BY 1;

-- name: participation_of_people
-- In which relationships people have which part.
SELECT relationship, person, part, is_open
  FROM read.participation WHERE person = ANY(:people::uuid[]) ORDER BY relationship, part;

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

-- name: rights_desk
-- Requests to be erased after a position, in the order they were made.
SELECT erasure, position, person, stage, due_on, review_on
  FROM read.rights_desk
 WHERE position > :after AND (:stage::text IS NULL OR stage = :stage::text)
 ORDER BY position LIMIT :most;

-- name: positions
-- Where every read model stands.
SELECT name, version, tables, position, stopped_at, stopped_position, stopped_reason
  FROM read.position;

-- name: set_aside_count
-- How many streams any read model leaves out.
SELECT count(DISTINCT stream) FROM read.set_aside;
