-- name: create!
-- Makes the tables: each session with its time, and whether it was held by whom and how long; and how each pair meets.
CREATE TABLE {held_session} (
    session      uuid PRIMARY KEY,
    relationship uuid NOT NULL,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    time_zone    text NOT NULL,
    is_held      boolean NOT NULL DEFAULT false,
    minutes      integer,
    attended_by  uuid[]
) WITH (fillfactor = 80);
CREATE INDEX ON {held_session} (relationship);
CREATE TABLE {meeting_mode} (
    relationship uuid PRIMARY KEY,
    mode         text NOT NULL
);

-- name: keep_modes!
-- Writes how pairs meet.
INSERT INTO {meeting_mode} (relationship, mode)
SELECT * FROM unnest(:relationships::uuid[], :modes::text[]);

-- name: plan!
-- Writes the times of sessions, new ones and those that were moved.
INSERT INTO {held_session} (session, relationship, starts_at, ends_at, time_zone)
SELECT * FROM unnest(
    :sessions::uuid[], :relationships::uuid[], :starts::timestamptz[], :ends::timestamptz[], :zones::text[]
)
    ON CONFLICT (session) DO UPDATE
   SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, time_zone = excluded.time_zone;

-- name: end!
-- Writes how a session ended; a correction leaves its own word alone.
UPDATE {held_session}
   SET is_held = :is_held, minutes = :minutes, attended_by = :attended_by::uuid[]
 WHERE session = :session;
