-- name: lapsed
-- Who was not heard of since a moment, the longest silent first: nobody who takes part in something open, holds a place,
-- waits for an answer or to be erased, or has a duty in the scheme.
SELECT k.person, k.active_at, k.ends_on,
       (SELECT max(p.closed_at) FROM read.kept_pair p WHERE p.person = k.person) AS closed_at
  FROM read.kept_person k
 WHERE k.active_at <= :silent_since
   AND NOT EXISTS (SELECT FROM read.participation p WHERE p.person = k.person AND p.is_open)
   AND NOT EXISTS (SELECT FROM read.own_place o WHERE o.mentee = k.person AND o.relationship IS NOT NULL)
   AND NOT EXISTS (SELECT FROM read.desk_item d WHERE d.person = k.person AND NOT d.is_over)
   AND NOT EXISTS (SELECT FROM read.duty d WHERE d.person = k.person AND d.role NOT IN ('mentee', 'mentor'))
 ORDER BY k.active_at LIMIT :most;

-- name: heard_since
-- To whom an end was announced, who were heard of since.
SELECT person, active_at, ends_on, NULL::timestamptz AS closed_at
  FROM read.kept_person
 WHERE announced_in < heard_in
 ORDER BY announced_in LIMIT :most;
