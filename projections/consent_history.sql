-- name: create!
-- Makes the tables: every change of a consent, and where each consent stands with what falls due for it.
CREATE TABLE {consent_history} (
    position       bigint PRIMARY KEY,
    ledger         uuid NOT NULL,
    version        bigint NOT NULL,
    person         uuid NOT NULL,
    actor          uuid NOT NULL,
    purpose        text NOT NULL,
    change         text NOT NULL,
    notice_version integer NOT NULL,
    language       text NOT NULL,
    digest         bytea NOT NULL,
    method         text,
    effective_at   timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL,
    expires_at     timestamptz
);
CREATE INDEX ON {consent_history} (recorded_at, position);
CREATE INDEX ON {consent_history} (purpose, recorded_at, position);
CREATE INDEX ON {consent_history} (person, recorded_at, position);
CREATE TABLE {consent_standing} (
    person         uuid NOT NULL,
    purpose        text NOT NULL,
    ledger         uuid NOT NULL,
    state          text NOT NULL,
    notice_version integer NOT NULL,
    language       text NOT NULL,
    expires_at     timestamptz,
    due_at         timestamptz,
    renew_under    integer,
    renew_by       timestamptz,
    PRIMARY KEY (person, purpose)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ON {consent_standing} (due_at, person) WHERE due_at IS NOT NULL;
CREATE INDEX ON {consent_standing} (renew_by, person) WHERE renew_by IS NOT NULL;
CREATE INDEX ON {consent_standing} (purpose, language, notice_version);
CREATE INDEX ON {consent_standing} (ledger);

-- name: keep_history!
-- Writes the changes of a batch.
INSERT INTO {consent_history}
       (position, ledger, version, person, actor, purpose, change, notice_version, language, digest,
        method, effective_at, recorded_at, expires_at)
SELECT * FROM unnest(:positions::bigint[], :ledgers::uuid[], :versions::bigint[], :people::uuid[],
                     :actors::uuid[], :purposes::text[], :changes::text[],
                     :notice_versions::integer[], :languages::text[], :digests::bytea[],
                     :methods::text[], :effective_at::timestamptz[], :recorded_at::timestamptz[],
                     :expires_at::timestamptz[]);

-- name: keep_standing!
-- Writes where the consents of a batch stand; whatever was due for them before is not any more.
INSERT INTO {consent_standing}
       (person, purpose, ledger, state, notice_version, language, expires_at, due_at)
SELECT * FROM unnest(:people::uuid[], :purposes::text[], :ledgers::uuid[], :states::text[],
                     :notice_versions::integer[], :languages::text[],
                     :expires_at::timestamptz[], :due_at::timestamptz[])
    ON CONFLICT (person, purpose) DO UPDATE
   SET state = excluded.state, notice_version = excluded.notice_version,
       language = excluded.language, expires_at = excluded.expires_at, due_at = excluded.due_at,
       renew_under = NULL, renew_by = NULL;

-- name: end_at!
-- Puts an end to a yes that was asked to be renewed.
UPDATE {consent_standing}
   SET expires_at = :expires_at, due_at = :expires_at, renew_under = NULL, renew_by = NULL
 WHERE person = :person AND purpose = :purpose;

-- name: supersede!
-- Marks every yes to older words as one to be asked to be renewed.
UPDATE {consent_standing} SET renew_under = :by_version, renew_by = :renew_by
 WHERE purpose = :purpose AND language = :language AND notice_version < :by_version
   AND state IN ('given', 'renewed');

-- name: leave_alone!
-- Takes away whatever is due for somebody who is erased, or being erased.
UPDATE {consent_standing} SET due_at = NULL, renew_under = NULL, renew_by = NULL
 WHERE ledger = :ledger;
