-- name: add_token!
-- Keeps a token by its hash.
INSERT INTO access.token (token_hash, person, role, scopes, expires_at)
VALUES (:token_hash, :person, :role, :scopes, :expires_at);

-- name: caller_of_token
-- Who a live token speaks for.
SELECT person, role, scopes FROM access.token
 WHERE token_hash = :token_hash AND revoked_at IS NULL AND expires_at > :now;

-- name: revoke_tokens
-- Ends every token of a person, in one role or in all, and every session; how many of them were live.
WITH revoked AS (
    UPDATE access.token SET revoked_at = :now
     WHERE person = :person AND (:role::text IS NULL OR role = :role) AND revoked_at IS NULL
    RETURNING token_hash, expires_at
), own AS (
    SELECT s.session_hash, least(s.expires_at, r.expires_at) AS expires_at
      FROM access.session s JOIN revoked r USING (token_hash)
     WHERE s.ended_at IS NULL
    UNION ALL
    SELECT s.session_hash, s.expires_at
      FROM access.passkey p JOIN access.session s USING (credential_hash)
     WHERE p.person = :person AND (:role::text IS NULL OR p.role = :role) AND s.ended_at IS NULL
), ended AS (
    UPDATE access.session s SET ended_at = :now
      FROM own WHERE s.session_hash = own.session_hash
    RETURNING own.expires_at
)
SELECT (SELECT count(*) FROM revoked WHERE expires_at > :now) AS tokens,
       (SELECT count(*) FROM ended WHERE expires_at > :now) AS sessions;

-- name: has_token
-- Whether somebody could sign in by a token in a role.
SELECT FROM access.token
 WHERE person = :person AND role = :role AND 'write' = ANY(scopes)
   AND revoked_at IS NULL AND expires_at > :now LIMIT 1;

-- name: add_session!
-- Keeps a browser session by its hash; it began by a token or by a passkey.
INSERT INTO access.session (session_hash, token_hash, credential_hash, device,
                            made_at, seen_at, expires_at)
VALUES (:session_hash, :token_hash, :credential_hash, :device, :now, :now, :expires_at);

-- name: forget_sessions!
-- Keeps nothing of sessions whose time has long been over.
DELETE FROM access.session WHERE expires_at <= :before;

-- name: caller_of_session
-- Who a live session speaks for, and whether its use is to be noted again.
SELECT person, role, scopes, seen_at <= :noted_before AS is_due
  FROM access.signed_in
 WHERE session_hash = :session_hash AND expires_at > :now AND seen_at > :idle_since;

-- name: note_use!
-- Notes that somebody is there.
UPDATE access.session SET seen_at = greatest(seen_at, :now) WHERE session_hash = :session_hash;

-- name: rename_session!
-- Gives a session another secret; the one it had is worth nothing from now on.
UPDATE access.session SET session_hash = :new_hash
 WHERE session_hash = :session_hash AND ended_at IS NULL;

-- name: sessions_of_person
-- Where somebody is signed in, the last used first.
WITH own AS (
    SELECT s.session_hash FROM access.token t JOIN access.session s USING (token_hash)
     WHERE t.person = :person
    UNION ALL
    SELECT s.session_hash FROM access.passkey p JOIN access.session s USING (credential_hash)
     WHERE p.person = :person
)
SELECT id, session_hash, role, made_at, seen_at, device, by_passkey
  FROM own JOIN access.signed_in USING (session_hash)
 WHERE expires_at > :now AND seen_at > :idle_since
 ORDER BY seen_at DESC, id;

-- name: end_session_of_person
-- Ends one session of somebody, if it is theirs and live.
UPDATE access.session SET ended_at = :now
 WHERE session_hash = (SELECT session_hash FROM access.signed_in
                        WHERE id = :id AND person = :person AND expires_at > :now)
RETURNING id;

-- name: tell_ended!
-- Says that somebody's access ended, and not whose, to processes with pages that update live.
NOTIFY access_ended;

-- name: end_session!
-- Signs a browser out.
UPDATE access.session SET ended_at = :now WHERE session_hash = :session_hash;
