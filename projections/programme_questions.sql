-- name: programmes
-- Every programme in the order in which they were opened.
SELECT id, name FROM read.programme ORDER BY position LIMIT :most;
