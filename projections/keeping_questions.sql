-- name: silent
-- Who was not heard of since a moment and to whom no end is announced, the longest silent first: nobody who takes part in
-- something open or that closed since another moment, holds a place, waits for an answer, or has a duty in the scheme.
SELECT k.person, k.active_at, k.ends_on,
       (SELECT max(p.closed_at) FROM read.kept_pair p WHERE p.person = k.person) AS closed_at
  FROM read.kept_person k
 WHERE k.active_at <= :silent_since AND k.ends_on IS NULL
   AND NOT EXISTS (SELECT FROM read.kept_pair p WHERE p.person = k.person AND p.closed_at > :closed_since)
   AND NOT EXISTS (SELECT FROM read.participation p WHERE p.person = k.person AND p.is_open)
   AND NOT EXISTS (SELECT FROM read.own_place o WHERE o.mentee = k.person AND o.relationship IS NOT NULL)
   AND NOT EXISTS (SELECT FROM read.desk_item d WHERE d.person = k.person AND NOT d.is_over)
   AND NOT EXISTS (SELECT FROM read.duty d WHERE d.person = k.person AND d.role NOT IN ('mentee', 'mentor'))
 ORDER BY k.active_at LIMIT :most;

-- name: ending
-- Whose announced day has come, of those who take part in nothing, wait for nothing and have no duty.
SELECT k.person, k.active_at, k.ends_on,
       (SELECT max(p.closed_at) FROM read.kept_pair p WHERE p.person = k.person) AS closed_at
  FROM read.kept_person k
 WHERE k.ends_on <= :today
   AND NOT EXISTS (SELECT FROM read.participation p WHERE p.person = k.person AND p.is_open)
   AND NOT EXISTS (SELECT FROM read.own_place o WHERE o.mentee = k.person AND o.relationship IS NOT NULL)
   AND NOT EXISTS (SELECT FROM read.desk_item d WHERE d.person = k.person AND NOT d.is_over)
   AND NOT EXISTS (SELECT FROM read.duty d WHERE d.person = k.person AND d.role NOT IN ('mentee', 'mentor'))
 ORDER BY k.ends_on LIMIT :most;

-- name: heard_since
-- To whom an end was announced, who were heard of since.
SELECT person, active_at, ends_on, NULL::timestamptz AS closed_at
  FROM read.kept_person
 WHERE announced_in < heard_in
 ORDER BY announced_in LIMIT :most;
