-- name: locks
-- Some of the lock keys under an epoch, after one.
SELECT key_id, owner, purpose, wrapped_key
  FROM keys.data_key_locks
 WHERE epoch = :old AND wrapped_key IS NOT NULL AND starts_with(purpose, 'lock/')
   AND key_id > :after
 ORDER BY key_id LIMIT :most;

-- name: locks_left
-- How many lock keys lie under an epoch.
SELECT count(*) FROM keys.data_key_locks
 WHERE epoch = :old AND wrapped_key IS NOT NULL AND starts_with(purpose, 'lock/');

-- name: rewrap_lock
-- Puts one lock key from one epoch under another; answers whether it did.
SELECT keys.rewrap_lock(:key_id, :old, :new, :rewrapped);
