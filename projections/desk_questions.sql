-- name: desk
-- What of one kind is open, or over, in the order it began.
SELECT record, position, holder, person, due_on, over_since
  FROM read.desk_item
 WHERE kind = :kind AND is_over = :is_over AND position > :after
 ORDER BY position LIMIT :most;

-- name: own_items
-- What of one kind is a person's, the newest first.
SELECT record, position, holder, person, due_on, over_since
  FROM read.desk_item
 WHERE person = :person AND kind = :kind
 ORDER BY position DESC LIMIT :most;

-- name: over_before
-- What of one kind has been over since before a moment and is not forgotten, the longest first.
SELECT record, position, holder, person, due_on, over_since
  FROM read.desk_item
 WHERE kind = :kind AND over_since <= :moment
 ORDER BY over_since LIMIT :most;
