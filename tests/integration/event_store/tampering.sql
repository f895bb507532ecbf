-- name: rows_of_streams
-- What is stored of some streams, as it is.
SELECT originator_id, originator_version, topic, state
  FROM record.event WHERE originator_id = ANY(:streams)
 ORDER BY originator_id, originator_version;

-- name: events_exchanged
-- Two rows have each other's ciphertext.
UPDATE record.event e SET state = f.state FROM record.event f
 WHERE (e.originator_id, e.originator_version) IN ((:one, :one_version), (:other, :other_version))
   AND (f.originator_id, f.originator_version) IN ((:one, :one_version), (:other, :other_version))
   AND e.position <> f.position;

-- name: event_replayed_as_another
-- One row has the ciphertext of another, which keeps it.
UPDATE record.event
   SET state = (SELECT state FROM record.event
                 WHERE originator_id = :other AND originator_version = :other_version)
 WHERE originator_id = :one AND originator_version = :one_version;

-- name: event_moved
-- A row becomes the last one of the other stream.
UPDATE record.event
   SET originator_id = :other,
       originator_version = (SELECT max(originator_version) + 1 FROM record.event
                              WHERE originator_id = :other)
 WHERE originator_id = :one AND originator_version = :one_version;

-- name: event_repeated
-- A copy of a row becomes the last one of its stream.
INSERT INTO record.event
SELECT (SELECT min(position) - 1 FROM record.event), originator_id,
       (SELECT max(originator_version) + 1 FROM record.event WHERE originator_id = :one),
       topic, state, recorded_at, command_id, salt
  FROM record.event WHERE originator_id = :one AND originator_version = :one_version;

-- name: event_relabelled
-- A row says that it is of another kind.
UPDATE record.event SET topic = 'test.card_named'
 WHERE originator_id = :one AND originator_version = :one_version;

-- name: event_of_no_known_kind
-- A row says that it is of a kind that there is not.
UPDATE record.event SET topic = topic || '_'
 WHERE originator_id = :one AND originator_version = :one_version;

-- name: event_cut
-- A row loses its end.
UPDATE record.event SET state = substr(state, 1, mod(:number, length(state)))
 WHERE originator_id = :one AND originator_version = :one_version;

-- name: event_cut_at_its_beginning
-- A row loses its beginning.
UPDATE record.event SET state = substr(state, 2 + mod(:number, 300))
 WHERE originator_id = :one AND originator_version = :one_version;

-- name: event_longer
-- A row has one byte more.
UPDATE record.event SET state = state || decode('00', 'hex')
 WHERE originator_id = :one AND originator_version = :one_version;

-- name: event_with_one_other_bit
-- A row differs in one bit.
UPDATE record.event
   SET state = set_bit(state, mod(:number, 8 * length(state)),
                       1 - get_bit(state, mod(:number, 8 * length(state))))
 WHERE originator_id = :one AND originator_version = :one_version;

-- name: event_gone
-- A row is no more.
DELETE FROM record.event WHERE originator_id = :one AND originator_version = :one_version;

-- name: keys_exchanged
-- Two streams have each other's wrapped key.
UPDATE keys.data_key k SET wrapped_key = o.wrapped_key FROM keys.data_key o
 WHERE k.owner IN (:one, :other) AND o.owner IN (:one, :other) AND k.owner <> o.owner;

-- name: key_replayed_as_another
-- One stream has the wrapped key of another.
UPDATE keys.data_key
   SET wrapped_key = (SELECT wrapped_key FROM keys.data_key WHERE owner = :other)
 WHERE owner = :one;

-- name: key_under_another_id
-- A key record says another id.
UPDATE keys.data_key SET key_id = gen_random_uuid() WHERE owner = :one;

-- name: key_cut
-- A wrapped key loses its end.
UPDATE keys.data_key SET wrapped_key = substr(wrapped_key, 1, mod(:number, length(wrapped_key)))
 WHERE owner = :one;

-- name: key_longer
-- A wrapped key has one byte more.
UPDATE keys.data_key SET wrapped_key = wrapped_key || decode('00', 'hex') WHERE owner = :one;

-- name: key_with_one_other_bit
-- A wrapped key differs in one bit.
UPDATE keys.data_key
   SET wrapped_key = set_bit(wrapped_key, mod(:number, 8 * length(wrapped_key)),
                             1 - get_bit(wrapped_key, mod(:number, 8 * length(wrapped_key))))
 WHERE owner = :one;

-- name: key_for_another_purpose
-- A key record says another purpose.
UPDATE keys.data_key SET purpose = 'streams' WHERE owner = :one;

-- name: key_in_another_compartment
-- A key record lies where another compartment's do.
UPDATE keys.data_key SET compartment = 'special' WHERE owner = :one;

-- name: key_of_no_epoch
-- A key record says an epoch that there never was.
UPDATE keys.data_key SET epoch = 7 WHERE owner = :one;

-- name: key_called_destroyed
-- A key record is a tombstone.
UPDATE keys.data_key SET state = 'destroyed', wrapped_key = NULL, destroyed_at = now()
 WHERE owner = :one;

-- name: key_gone
-- A key record is no more.
DELETE FROM keys.data_key WHERE owner = :one;

-- name: branch_keys_exchanged
-- Two compartments have each other's branch key.
UPDATE keys.branch_key k SET wrapped_key = o.wrapped_key FROM keys.branch_key o
 WHERE k.compartment IN ('operational', 'contact') AND o.compartment IN ('operational', 'contact')
   AND k.compartment <> o.compartment;

-- name: branch_key_cut
-- A branch key loses its end.
UPDATE keys.branch_key SET wrapped_key = substr(wrapped_key, 1, 60) WHERE compartment = 'contact';

-- name: branch_key_emptied
-- A branch key has no bytes.
UPDATE keys.branch_key SET wrapped_key = '' WHERE compartment = 'contact';

-- name: branch_keys_with_one_other_bit
-- Every branch key differs in one bit.
UPDATE keys.branch_key SET wrapped_key = set_bit(wrapped_key, 700, 1 - get_bit(wrapped_key, 700));

-- name: branch_key_that_is_a_data_key
-- A wrapped data key stands where a branch key should.
UPDATE keys.branch_key
   SET wrapped_key = (SELECT wrapped_key FROM keys.data_key
                       WHERE compartment = 'operational' AND wrapped_key IS NOT NULL LIMIT 1)
 WHERE compartment = 'operational';

-- name: branch_keys
-- What is put back in the end.
SELECT compartment, wrapped_key FROM keys.branch_key;

-- name: branch_key_restored
-- A branch key is what it was.
UPDATE keys.branch_key SET wrapped_key = :wrapped_key WHERE compartment = :compartment;
