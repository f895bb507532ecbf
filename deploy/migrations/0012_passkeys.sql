-- Passkeys, as docs/sign-in.md says, and browser sessions that know how they began and when they were last used.

-- Which passkey a credential is, and whose. The name that its person gave it stands sealed in their own stream; that a row
-- is what that stream has is checked at each sign-in, since the id of a passkey is a digest of role, credential and key.
CREATE TABLE access.passkey (
    credential_hash bytea PRIMARY KEY CHECK (length(credential_hash) = 32),
    passkey         uuid NOT NULL UNIQUE,
    person          uuid NOT NULL,
    role            text NOT NULL,
    public_key      bytea NOT NULL CHECK (length(public_key) <= 1024),
    sign_count      bigint NOT NULL CHECK (sign_count >= 0),
    added_at        timestamptz NOT NULL,
    used_on         date
);
CREATE INDEX passkey_person ON access.passkey (person);

-- What was asked of a browser and is not answered yet. Its challenge is made from a secret that the browser alone holds.
-- Without a person it asks who signs in; with one, for a passkey of theirs.
CREATE TABLE access.ceremony (
    secret_hash bytea PRIMARY KEY CHECK (length(secret_hash) = 32),
    person      uuid,
    role        text,
    expires_at  timestamptz NOT NULL,
    CHECK (num_nonnulls(person, role) IN (0, 2))
);
CREATE INDEX ceremony_expiry ON access.ceremony (expires_at);
CREATE INDEX ceremony_person ON access.ceremony (person) WHERE person IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON access.passkey TO vouchsafe_api;
GRANT SELECT, INSERT, DELETE ON access.ceremony TO vouchsafe_api;

-- A session begins by a token or by a passkey, and ends with it. Of the device it keeps a word or two out of a short list.
ALTER TABLE access.session
    ALTER COLUMN token_hash DROP NOT NULL,
    ADD COLUMN credential_hash bytea REFERENCES access.passkey ON DELETE CASCADE,
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD COLUMN seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN device text NOT NULL DEFAULT '' CHECK (length(device) <= 60),
    ADD CONSTRAINT session_begins_once CHECK (num_nonnulls(token_hash, credential_hash) = 1);
CREATE INDEX session_credential ON access.session (credential_hash) WHERE credential_hash IS NOT NULL;
CREATE INDEX session_expiry ON access.session (expires_at);
GRANT DELETE ON access.session TO vouchsafe_api;

-- Sessions that nobody ended, with whom they speak for; whether their time is over is for whoever asks to say.
CREATE VIEW access.signed_in AS
SELECT s.session_hash, s.id, s.made_at, s.seen_at, s.device,
       s.credential_hash IS NOT NULL AS by_passkey,
       coalesce(t.person, p.person) AS person,
       coalesce(t.role, p.role) AS role,
       coalesce(t.scopes, ARRAY['read', 'write']) AS scopes,
       least(s.expires_at, t.expires_at) AS expires_at
  FROM access.session s
  LEFT JOIN access.token t ON t.token_hash = s.token_hash AND t.revoked_at IS NULL
  LEFT JOIN access.passkey p ON p.credential_hash = s.credential_hash
 WHERE s.ended_at IS NULL AND coalesce(t.person, p.person) IS NOT NULL;
GRANT SELECT ON access.signed_in TO vouchsafe_api;

-- Whoever is erased signs in by nothing, also in a restored backup: carrying out an erasure ends here, each time.
CREATE FUNCTION access.forget_passkeys() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM access.ceremony WHERE person = NEW.person;
    DELETE FROM access.passkey WHERE person = NEW.person;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION access.forget_passkeys FROM PUBLIC;
CREATE TRIGGER erasure_ends_passkeys AFTER UPDATE ON record.erasure
    FOR EACH ROW WHEN (NEW.carried_out_at IS NOT NULL) EXECUTE FUNCTION access.forget_passkeys();
