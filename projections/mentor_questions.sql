-- name: mentors
-- All mentors who applied after a position, in that order.
SELECT applied, mentor, document
  FROM read.my_caseload_mentor WHERE applied > :after ORDER BY applied LIMIT :most;

-- name: mentors_who_can_take
-- The mentors who can take somebody now, the most capacity first, then who applied first.
SELECT applied, mentor, document
  FROM read.my_caseload_mentor WHERE takes > 0 ORDER BY takes DESC, applied LIMIT :most;
