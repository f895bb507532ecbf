-- name: voices
-- What of one kind stands so, what changed last first.
SELECT record, position, person
  FROM read.voice
 WHERE kind = :kind AND stage = :stage
   AND position < coalesce(:before::bigint, 9223372036854775807)
 ORDER BY position DESC LIMIT :most;

-- name: own_voices
-- What of one kind is a person's, what changed last first.
SELECT record, position, person
  FROM read.voice
 WHERE person = :person AND kind = :kind
 ORDER BY position DESC LIMIT :most;

-- name: answered_before
-- Suggestions that were answered before a moment and whose words are still kept, the longest answered first.
SELECT record
  FROM read.voice
 WHERE answered_at <= :before
 ORDER BY answered_at LIMIT :most;
