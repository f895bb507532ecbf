-- name: lead
-- Becomes the one clerk, or learns that there is one.
SELECT pg_try_advisory_lock(7012029);
