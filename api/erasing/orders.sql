-- name: order!
-- Says which streams are wholly a person's, before the decision is recorded.
SELECT record.order_erasure(:erasure, :person, :streams);

-- name: order_announced!
-- Says the same of somebody whose end was announced a month ago.
SELECT record.order_announced_erasure(:erasure, :person, :streams);

-- name: due
-- What was granted and is not noted as carried out.
SELECT r.erasure, r.person, r.streams FROM record.erasure r
 WHERE EXISTS (SELECT FROM record.event e
                WHERE e.originator_id = r.erasure AND e.topic = :granted)
   AND NOT EXISTS (SELECT FROM record.event e
                    WHERE e.originator_id = r.erasure AND e.topic = :carried_out)
 ORDER BY r.erasure;

-- name: carry_out
-- Destroys and deletes; answers the positions whose states are empty now.
SELECT record.carry_out_erasure(:erasure);

-- name: completable
-- What was carried out, is not noted as completed, and has no key-encryption key left above its keys.
SELECT r.erasure FROM record.erasure r
 WHERE EXISTS (SELECT FROM record.event e
                WHERE e.originator_id = r.erasure AND e.topic = :carried_out)
   AND NOT EXISTS (SELECT FROM record.event e
                    WHERE e.originator_id = r.erasure AND e.topic = :completed)
   AND NOT EXISTS (SELECT FROM record.erased_under u JOIN keys.epoch k USING (compartment)
                    WHERE u.erasure = r.erasure AND k.epoch <= u.epoch AND k.destroyed_at IS NULL)
 ORDER BY r.erasure;

-- name: carried_out_at
-- When the keys of an erasure were destroyed.
SELECT carried_out_at FROM record.erasure WHERE erasure = :erasure;

-- name: known
-- Every erasure that this database knows of, and whether it is carried out.
SELECT erasure, person, streams, carried_out_at IS NOT NULL AS is_carried_out
  FROM record.erasure ORDER BY carried_out_at, erasure;

-- name: erase!
-- Erases without asking for an order or a decision; only the owner may.
SELECT record.erase(:erasure, :person, :streams);
