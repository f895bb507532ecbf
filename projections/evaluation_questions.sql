-- name: responses_about
-- What was given about somebody before a moment, the newest lots first.
SELECT response, lot
  FROM read.evaluation_response
 WHERE about = :about AND given_at < :before
 ORDER BY lot DESC, response LIMIT :most;

-- name: responses_kept
-- What was given before a moment, or is about somebody who was erased.
(SELECT response, is_orphaned FROM read.evaluation_response
  WHERE is_orphaned ORDER BY response LIMIT :most)
UNION
(SELECT response, is_orphaned FROM read.evaluation_response
  WHERE given_at <= :before ORDER BY given_at LIMIT :most);
