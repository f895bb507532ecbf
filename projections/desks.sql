-- name: create!
-- Makes the table: each record, of which kind, on whose desk, who has it there, whose it is, when it is due or looked at
-- again, since when it is over, and who was told that it waits.
CREATE TABLE {desk_item} (
    record        uuid PRIMARY KEY,
    position      bigint NOT NULL,
    kind          text NOT NULL,
    holder        text,
    handler       text,
    person        uuid,
    due_on        date,
    look_again_on date,
    is_over       boolean NOT NULL DEFAULT false,
    over_since    timestamptz,
    rung_to       text,
    rung_due      date
);
CREATE INDEX ON {desk_item} (kind, is_over, position);
CREATE INDEX ON {desk_item} (person, kind, position);
CREATE INDEX ON {desk_item} (kind, over_since);
CREATE INDEX ON {desk_item} (position) WHERE NOT is_over AND rung_to IS DISTINCT FROM coalesce(handler, holder);
CREATE INDEX ON {desk_item} (least(due_on, look_again_on)) WHERE NOT is_over;

-- name: begin!
-- Writes a new record.
INSERT INTO {desk_item} (record, position, kind) VALUES (:record, :position, :kind);

-- name: change!
-- Writes what an event changes; what is forgotten stays over, and waits for nothing any more.
UPDATE {desk_item}
   SET holder = coalesce(:holder::text, holder),
       handler = coalesce(:handler::text, handler),
       person = coalesce(:person::uuid, person),
       due_on = coalesce(:due_on::date, due_on),
       look_again_on = CASE WHEN NOT :is_looked_at::boolean
                            THEN coalesce(:look_again_on::date, look_again_on) END,
       is_over = is_over OR :over_since::timestamptz IS NOT NULL,
       over_since = CASE WHEN NOT :is_forgotten::boolean
                         THEN coalesce(:over_since::timestamptz, over_since) END,
       rung_to = coalesce(:rung_to::text, rung_to),
       rung_due = coalesce(:rung_due::date, rung_due)
 WHERE record = :record;
