-- name: create!
-- Makes the table: each enquiry, when it was made, who asks, where it stands and since when.
CREATE TABLE {enquiry} (
    enquiry  uuid PRIMARY KEY,
    position bigint NOT NULL,
    kind     text NOT NULL,
    stage    text NOT NULL,
    made_at  timestamptz NOT NULL,
    since    timestamptz NOT NULL
);
CREATE INDEX ON {enquiry} (stage, since);
CREATE INDEX ON {enquiry} (stage, position);

-- name: make!
-- Writes a new enquiry.
INSERT INTO {enquiry} (enquiry, position, kind, stage, made_at, since)
VALUES (:enquiry, :position, :kind, 'open', :made_at, :made_at);

-- name: change!
-- Writes where it stands now.
UPDATE {enquiry} SET stage = :stage, since = :since WHERE enquiry = :enquiry;
