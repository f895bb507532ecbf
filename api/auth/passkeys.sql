-- name: begin_ceremony!
-- Keeps what was asked of a browser, by the hash of a secret that it alone holds.
INSERT INTO access.ceremony (secret_hash, person, role, expires_at)
VALUES (:secret_hash, :person, :role, :expires_at);

-- name: forget_ceremonies!
-- Keeps nothing that can be answered no more.
DELETE FROM access.ceremony WHERE expires_at <= :now;

-- name: end_ceremony
-- Takes what was asked, so that it is answered once; for whom it was, and whether it was in time.
DELETE FROM access.ceremony WHERE secret_hash = :secret_hash
RETURNING person, role, expires_at > :now AS is_live;

-- name: keep
-- Keeps a new passkey, unless its credential is known already.
INSERT INTO access.passkey (credential_hash, passkey, person, role, public_key, sign_count, added_at)
VALUES (:credential_hash, :passkey, :person, :role, :public_key, :sign_count, :now)
    ON CONFLICT DO NOTHING
RETURNING passkey;

-- name: of_credential
-- Whose a credential is.
SELECT person, role, public_key FROM access.passkey WHERE credential_hash = :credential_hash;

-- name: count_use
-- Notes a use whose counter is beyond the last one's; devices that do not count say nought each time.
UPDATE access.passkey SET sign_count = :sign_count, used_on = :used_on
 WHERE credential_hash = :credential_hash
   AND (sign_count < :sign_count OR (sign_count = 0 AND :sign_count = 0))
RETURNING passkey;

-- name: of_person
-- A person's passkeys in one role, in the order in which they were added.
SELECT passkey, added_at, used_on FROM access.passkey
 WHERE person = :person AND role = :role
 ORDER BY added_at, passkey;

-- name: remove
-- Forgets a passkey, and ends whatever was begun by it.
DELETE FROM access.passkey WHERE person = :person AND passkey = :passkey RETURNING passkey;

-- name: tell_ended!
-- Says that somebody's access ended, and not whose, to processes with pages that update live.
NOTIFY access_ended;
