-- name: desk
-- What of one kind is open, or over, in the order it began.
SELECT record, position, kind, holder, handler::uuid, person, due_on, over_since
  FROM read.desk_item
 WHERE kind = :kind AND is_over = :is_over AND position > :after
 ORDER BY position LIMIT :most;

-- name: own_items
-- What of one kind is a person's, the newest first.
SELECT record, position, kind, holder, handler::uuid, person, due_on, over_since
  FROM read.desk_item
 WHERE person = :person AND kind = :kind
 ORDER BY position DESC LIMIT :most;

-- name: over_before
-- What of one kind has been over since before a moment and is not forgotten, the longest first.
SELECT record, position, kind, holder, handler::uuid, person, due_on, over_since
  FROM read.desk_item
 WHERE kind = :kind AND over_since <= :moment
 ORDER BY over_since LIMIT :most;

-- name: unrung
-- What waits at a desk, or for one person there, who were not told yet, the longest waiting first.
SELECT record, position, kind, holder, handler::uuid, person, NULL::date AS due_on, over_since
  FROM read.desk_item
 WHERE NOT is_over AND rung_to IS DISTINCT FROM coalesce(handler, holder)
 ORDER BY position LIMIT :most;

-- name: due_unrung
-- What is due, or looked at again, by a day, and nobody was told of that day yet.
SELECT record, position, kind, holder, handler::uuid, person,
       least(due_on, look_again_on) AS due_on, over_since
  FROM read.desk_item
 WHERE NOT is_over AND least(due_on, look_again_on) <= :soon
   AND rung_due IS DISTINCT FROM least(due_on, look_again_on)
 ORDER BY least(due_on, look_again_on) LIMIT :most;

-- name: holders
-- The active people who have a role.
SELECT person FROM read.duty WHERE role = :role AND is_active ORDER BY person LIMIT :most;
