-- name: open_groups
-- The open groups of one programme, or of all, without those that somebody is or was in.
SELECT id AS group, facilitator, programme, members
  FROM read.mentoring_group
 WHERE is_open AND (:programme::uuid IS NULL OR programme = :programme)
   AND id <> ALL (ARRAY(SELECT id FROM read.mentoring_group_person WHERE person = :hidden_from::uuid))
 ORDER BY position LIMIT :most;
