-- name: lock
-- Becomes the one rotation, or learns that there is one.
SELECT pg_try_advisory_lock(7012025);

-- name: unlock
-- Lets another rotation begin.
SELECT pg_advisory_unlock(7012025);

-- name: wait_for_disks
-- Has every commit wait until it is durable, also where the settings say otherwise: what is destroyed in
-- the key service does not come back. The next commit waits for all that came before it too.
SELECT set_config('synchronous_commit',
                  CASE WHEN reset_val IN ('off', 'local') THEN 'on' ELSE reset_val END, false)
  FROM pg_settings WHERE name = 'synchronous_commit';

-- name: do_not_wait
-- Lets commits return before they are durable: a batch that is lost is rewrapped again.
SELECT set_config('synchronous_commit', 'off', false);

-- name: ask
-- Asks for a rotation unless one is unfinished.
SELECT keys.ask_for_rotation();

-- name: asked
-- When the unfinished rotation was asked for.
SELECT asked_at FROM keys.rotation WHERE finished_at IS NULL;

-- name: epochs
-- Every epoch of every compartment, oldest first.
SELECT compartment, epoch, made_at, closing_at, emptied_at, destroyed_at
  FROM keys.epoch ORDER BY compartment, epoch;

-- name: begin
-- Keeps the branch key of the newest epoch and closes those before it.
SELECT keys.begin_epoch(:compartment, :epoch, :wrapped_key);

-- name: empty
-- Ends a closing epoch, if nothing is left under it.
SELECT keys.empty_epoch(:compartment, :epoch);

-- name: note_destroyed
-- Notes that the key service confirmed the destruction of an epoch.
SELECT keys.note_destroyed(:compartment, :epoch);

-- name: finish
-- Finishes the rotation, if nothing of it is left to do.
SELECT keys.finish_rotation();
