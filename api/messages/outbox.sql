-- name: claim
-- Takes the message that has waited longest, and puts its next try off before anything is handed over.
UPDATE record.outbox
   SET tries = tries + 1,
       next_try_at = :now + least(interval '6 hours', interval '5 seconds' * 2 ^ least(tries, 20))
                            * (0.75 + random() / 2)
 WHERE message = (SELECT message FROM record.outbox
                   WHERE ended_at IS NULL AND next_try_at <= :now AND kind = ANY (:kinds)
                   ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING message, person, kind, about, item, edition, not_before, tries;

-- name: has_due
-- Whether a message is to go by now.
SELECT EXISTS (SELECT FROM record.outbox
                WHERE ended_at IS NULL AND next_try_at <= :now AND kind = ANY (:kinds));

-- name: put_off!
-- Lets a message wait until a moment; having looked at it counts for no try.
UPDATE record.outbox SET tries = tries - 1, next_try_at = :until
 WHERE message = :message AND ended_at IS NULL;

-- name: end!
-- Notes what became of a message.
UPDATE record.outbox SET ended_at = :now, outcome = :outcome
 WHERE message = :message AND ended_at IS NULL;

-- name: forget_ended!
-- Lets go of messages whose end lies this far back; what was opened for them stays in people's registers.
DELETE FROM record.outbox WHERE ended_at < :before;

-- name: of_person
-- What somebody was told and what became of it, the oldest first; of messages that are kept still.
SELECT kind, made_at, ended_at, outcome FROM record.messages_of(:person);

-- name: lead
-- Becomes the one who delivers, or learns that there is one.
SELECT pg_try_advisory_lock(7012031);

-- name: figures
-- How many messages are late, and how many went to nobody lately.
SELECT late, failed FROM record.outbox_figures(:late_after);
