-- name: ask
-- Asks for a rotation if one is due.
SELECT keys.ask_for_due_rotation(:period);

-- name: waiting
-- Since when a rotation is asked for and not finished.
SELECT asked_at < clock_timestamp() - :patience::interval FROM keys.rotation WHERE finished_at IS NULL;
