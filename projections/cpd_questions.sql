-- name: held_sessions
-- Which sessions were held at which a person was, in a stretch of time; where nobody was named, both of the pair were.
SELECT DISTINCT ON (h.starts_at)
       h.session, h.starts_at, h.time_zone, m.mode,
       coalesce(h.minutes, (extract(epoch FROM h.ends_at - h.starts_at) / 60)::integer) AS minutes
  FROM read.participation p
  JOIN read.held_session h ON h.relationship = p.relationship
  JOIN read.meeting_mode m ON m.relationship = h.relationship
 WHERE p.person = :person AND p.part IN ('mentee', 'mentor')
   AND h.is_held AND h.starts_at >= :after AND h.starts_at < :before
   AND (h.attended_by IS NULL OR :person = ANY (h.attended_by))
 ORDER BY h.starts_at, h.session;
