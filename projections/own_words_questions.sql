-- name: own_words
-- In which events something is sealed under a person's key, in the order of the record.
SELECT position, stream, version
  FROM read.own_words
 WHERE owner = :owner AND position > :after
 ORDER BY position LIMIT :most;
