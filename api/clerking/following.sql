-- name: position
-- How far the followers have come.
SELECT position FROM record.policy_position WHERE policy = :policy;

-- name: advance!
-- Notes how far they have come; never backwards.
INSERT INTO record.policy_position (policy, position) VALUES (:policy, :position)
ON CONFLICT (policy) DO UPDATE SET position = excluded.position
 WHERE policy_position.position < excluded.position;
