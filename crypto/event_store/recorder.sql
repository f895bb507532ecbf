-- name: append
-- Appends the events of one command or of several, with the messages that follow, or answers the outcome that a command alone already has.
SELECT * FROM record.append(
    :command_ids::uuid[], :request_macs::bytea[], :subjects::uuid[], :subject_versions::bigint[],
    :whose::integer[], :streams::uuid[], :versions::bigint[], :topics::text[], :states::bytea[],
    :salts::bytea[], :stream_keys::uuid[], :field_keys, :heads, :new_keys, :ends, :messages);

-- name: outcome
-- What became of a command.
SELECT position, subject, version, request_mac
  FROM record.command_outcome WHERE command_id = :command_id;

-- name: stream
-- The events of one stream between two versions, in order.
SELECT originator_id, originator_version, topic, state
  FROM record.event
 WHERE originator_id = :originator_id
   AND originator_version > coalesce(:gt::bigint, 0)
   AND originator_version <= coalesce(:lte::bigint, 9223372036854775807)
 ORDER BY originator_version LIMIT :most::bigint;

-- name: stream_and_key
-- A whole stream, with the key record of the stream in every row.
WITH stream_key AS (
    SELECT key_id, owner, purpose, state, epoch, wrapped_key
      FROM keys.data_key_operational
     WHERE compartment = 'operational' AND owner = :originator_id AND purpose = 'stream'
     ORDER BY (state = 'live') DESC, made_at DESC LIMIT 1
)
SELECT e.originator_id, e.originator_version, e.topic, e.state, k.key_id, k.owner, k.purpose,
       k.state AS key_state, k.epoch, k.wrapped_key
  FROM record.event e LEFT JOIN stream_key k ON true
 WHERE e.originator_id = :originator_id
 ORDER BY e.originator_version;

-- name: streams
-- The events of several whole streams, each in order.
SELECT originator_id, originator_version, topic, state
  FROM record.event
 WHERE originator_id = ANY(:originator_ids::uuid[])
 ORDER BY originator_id, originator_version;

-- name: newest_of_streams
-- The newest event of each of several streams.
SELECT e.originator_id, e.originator_version, e.topic, e.state
  FROM unnest(:originator_ids::uuid[]) AS s(id)
 CROSS JOIN LATERAL (SELECT originator_id, originator_version, topic, state
                       FROM record.event WHERE originator_id = s.id
                      ORDER BY originator_version DESC LIMIT 1) e;

-- name: newest_of_stream
-- The newest events of one stream, newest first.
SELECT originator_id, originator_version, topic, state
  FROM record.event
 WHERE originator_id = :originator_id
   AND originator_version > coalesce(:gt::bigint, 0)
   AND originator_version <= coalesce(:lte::bigint, 9223372036854775807)
 ORDER BY originator_version DESC LIMIT :most::bigint;

-- name: log
-- The log after a position, in order.
SELECT position, originator_id, originator_version, topic, state
  FROM record.event
 WHERE position > :after
   AND position <= coalesce(:stop::bigint, 9223372036854775807)
   AND (cardinality(:topics::text[]) = 0 OR topic = ANY(:topics::text[]))
 ORDER BY position LIMIT :most;

-- name: newest_position
-- The highest position that can be read.
SELECT max(position) FROM record.event;
