-- name: due_consents
-- For which consents the time has come, the longest due first.
SELECT person, purpose, state, language, due_at
  FROM read.consent_standing
 WHERE due_at <= :at ORDER BY due_at, person LIMIT :most;

-- name: outdated_consents
-- Whose yes to older words is still to be asked to be renewed, those with the least time first.
SELECT person, purpose, language, renew_under, renew_by
  FROM read.consent_standing
 WHERE renew_by IS NOT NULL ORDER BY renew_by, person LIMIT :most;

-- name: history
-- Changes of consents in a period before a position, newest first.
SELECT position, ledger, version, person, actor, purpose, change, notice_version, language, digest,
       method, effective_at, recorded_at, expires_at
  FROM read.consent_history
 WHERE recorded_at >= :since AND recorded_at < :until
   AND (recorded_at, position) < (
       coalesce((SELECT recorded_at FROM read.consent_history WHERE position = :before::bigint), 'infinity'),
       coalesce(:before::bigint, 9223372036854775807))
 ORDER BY recorded_at DESC, position DESC LIMIT :most;

-- name: history_of_purpose
-- The same of one purpose.
SELECT position, ledger, version, person, actor, purpose, change, notice_version, language, digest,
       method, effective_at, recorded_at, expires_at
  FROM read.consent_history
 WHERE purpose = :purpose AND recorded_at >= :since AND recorded_at < :until
   AND (recorded_at, position) < (
       coalesce((SELECT recorded_at FROM read.consent_history WHERE position = :before::bigint), 'infinity'),
       coalesce(:before::bigint, 9223372036854775807))
 ORDER BY recorded_at DESC, position DESC LIMIT :most;

-- name: history_of_person
-- The same of one person, for one purpose or all.
SELECT position, ledger, version, person, actor, purpose, change, notice_version, language, digest,
       method, effective_at, recorded_at, expires_at
  FROM read.consent_history
 WHERE person = :person AND (:purpose::text IS NULL OR purpose = :purpose::text)
   AND recorded_at >= :since AND recorded_at < :until
   AND (recorded_at, position) < (
       coalesce((SELECT recorded_at FROM read.consent_history WHERE position = :before::bigint), 'infinity'),
       coalesce(:before::bigint, 9223372036854775807))
 ORDER BY recorded_at DESC, position DESC LIMIT :most;
