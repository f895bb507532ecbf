-- name: create!
-- Makes the table: each record, of which kind, on whose desk, whose it is, when it is due and since when it is over.
CREATE TABLE {desk_item} (
    record     uuid PRIMARY KEY,
    position   bigint NOT NULL,
    kind       text NOT NULL,
    holder     text,
    person     uuid,
    due_on     date,
    is_over    boolean NOT NULL DEFAULT false,
    over_since timestamptz
);
CREATE INDEX ON {desk_item} (kind, is_over, position);
CREATE INDEX ON {desk_item} (person, kind, position);
CREATE INDEX ON {desk_item} (kind, over_since);

-- name: begin!
-- Writes a new record.
INSERT INTO {desk_item} (record, position, kind) VALUES (:record, :position, :kind);

-- name: change!
-- Writes what an event changes; what is forgotten stays over, and waits for nothing any more.
UPDATE {desk_item}
   SET holder = coalesce(:holder::text, holder),
       person = coalesce(:person::uuid, person),
       due_on = coalesce(:due_on::date, due_on),
       is_over = is_over OR :over_since::timestamptz IS NOT NULL,
       over_since = CASE WHEN NOT :is_forgotten::boolean
                         THEN coalesce(:over_since::timestamptz, over_since) END
 WHERE record = :record;
