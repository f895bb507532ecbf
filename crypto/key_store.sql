-- name: branch_keys
-- The branch keys of one compartment that are still there, as wrapped by the key service.
SELECT epoch, wrapped_key FROM {branch_table}
 WHERE compartment = :compartment AND wrapped_key IS NOT NULL;

-- name: add_branch_key!
-- Keeps the branch key of a new epoch; the first to arrive wins.
INSERT INTO {branch_table} (compartment, epoch, wrapped_key)
VALUES (:compartment, :epoch, :wrapped_key) ON CONFLICT DO NOTHING;

-- name: keys_of_owners
-- The newest key of each owner for one purpose: the live one if there is one.
SELECT DISTINCT ON (owner) key_id, owner, purpose, state, epoch, wrapped_key
  FROM {key_table}
 WHERE compartment = :compartment AND owner = ANY(:owners) AND purpose = :purpose
 ORDER BY owner, (state = 'live') DESC, made_at DESC;

-- name: keys_by_id
-- Keys by their ids.
SELECT key_id, owner, purpose, state, epoch, wrapped_key
  FROM {key_table} WHERE compartment = :compartment AND key_id = ANY(:key_ids);
