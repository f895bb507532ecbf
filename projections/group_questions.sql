-- name: open_groups
-- The open groups, without those that somebody is or was in.
SELECT id AS group, facilitator, programme, members
  FROM read.mentoring_group
 WHERE is_open
   AND id <> ALL (ARRAY(SELECT id FROM read.mentoring_group_person
                         WHERE person = :hidden_from::uuid))
 ORDER BY position LIMIT :most;

-- name: open_groups_of_programme
-- The same of one programme.
SELECT id AS group, facilitator, programme, members
  FROM read.mentoring_group
 WHERE is_open AND programme = :programme
   AND id <> ALL (ARRAY(SELECT id FROM read.mentoring_group_person
                         WHERE person = :hidden_from::uuid))
 ORDER BY position LIMIT :most;

-- name: people_in_groups_of
-- Everybody with whom somebody is or was in a group.
SELECT DISTINCT other.person
  FROM read.mentoring_group_person own
  JOIN read.mentoring_group_person other USING (id)
 WHERE own.person = :person;
