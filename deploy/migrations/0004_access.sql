-- Sign-in for now: scoped tokens and browser sessions, stored as hashes only.

CREATE SCHEMA access;
GRANT USAGE ON SCHEMA access TO vouchsafe_api;

CREATE TABLE access.token (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    person     uuid NOT NULL,
    role       text NOT NULL,
    scopes     text[] NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX token_person ON access.token (person);

CREATE TABLE access.session (
    session_hash bytea PRIMARY KEY CHECK (length(session_hash) = 32),
    token_hash   bytea NOT NULL REFERENCES access.token ON DELETE CASCADE,
    made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX session_token ON access.session (token_hash);

GRANT SELECT, INSERT, UPDATE ON access.token, access.session TO vouchsafe_api;
