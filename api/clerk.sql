-- name: position
-- How far a policy has come.
SELECT position FROM record.policy_position WHERE policy = :policy;

-- name: advance!
-- Notes how far a policy has come; never backwards.
INSERT INTO record.policy_position (policy, position) VALUES (:policy, :position)
ON CONFLICT (policy) DO UPDATE SET position = excluded.position
 WHERE policy_position.position < excluded.position;

-- name: lead
-- Becomes the one clerk, or learns that there is one.
SELECT pg_try_advisory_lock(7012029);
