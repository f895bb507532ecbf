-- name: rematches
-- Who waits for another partner, in the order they said so, with the open request of a mentee on the same place.
SELECT w.relationship, w.position, w.person,
       CASE WHEN w.is_mentee THEN 'mentee' ELSE 'mentor' END AS part,
       w.reason, w.wished_at, r.is_closed,
       (SELECT n.relationship FROM read.rematch_request n
         WHERE w.is_mentee AND n.mentee = w.person AND n.place = r.place AND NOT n.is_closed
           AND n.relationship <> w.relationship LIMIT 1) AS next_request
  FROM read.rematch_wish w
  JOIN read.rematch_request r ON r.relationship = w.relationship
 WHERE NOT w.is_settled AND w.position > :after
 ORDER BY w.position LIMIT :most;
