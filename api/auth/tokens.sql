-- name: add_token!
-- Keeps a token by its hash.
INSERT INTO access.token (token_hash, person, role, scopes, expires_at)
VALUES (:token_hash, :person, :role, :scopes, :expires_at);

-- name: caller_of_token
-- Who a live token speaks for.
SELECT person, role, scopes FROM access.token
 WHERE token_hash = :token_hash AND revoked_at IS NULL AND expires_at > :now;

-- name: revoke_tokens
-- Ends every token of a person, in one role or in all, with their sessions; how many of them were live.
WITH revoked AS (
    UPDATE access.token SET revoked_at = :now
     WHERE person = :person AND (:role::text IS NULL OR role = :role) AND revoked_at IS NULL
    RETURNING token_hash, expires_at
), ended AS (
    UPDATE access.session s SET ended_at = :now
      FROM revoked r WHERE s.token_hash = r.token_hash AND s.ended_at IS NULL
    RETURNING least(s.expires_at, r.expires_at) AS expires_at
)
SELECT (SELECT count(*) FROM revoked WHERE expires_at > :now) AS tokens,
       (SELECT count(*) FROM ended WHERE expires_at > :now) AS sessions;

-- name: add_session!
-- Keeps a browser session by its hash.
INSERT INTO access.session (session_hash, token_hash, expires_at)
VALUES (:session_hash, :token_hash, :expires_at);

-- name: caller_of_session
-- Who a live session speaks for; it lives no longer than its token.
SELECT t.person, t.role, t.scopes
  FROM access.session s JOIN access.token t USING (token_hash)
 WHERE s.session_hash = :session_hash AND s.ended_at IS NULL AND s.expires_at > :now
   AND t.revoked_at IS NULL AND t.expires_at > :now;

-- name: tell_ended!
-- Says that somebody's access ended, and not whose, to processes with pages that update live.
NOTIFY access_ended;

-- name: end_session!
-- Signs a browser out.
UPDATE access.session SET ended_at = :now WHERE session_hash = :session_hash;
