-- A message that waits until somebody confirms their address was put off without a try. It is not late.
CREATE OR REPLACE FUNCTION record.outbox_figures(late_after interval, OUT late bigint, OUT failed bigint)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (SELECT count(*) FROM record.outbox o
             WHERE o.ended_at IS NULL AND o.not_before < clock_timestamp() - late_after
               AND NOT (o.tries = 0 AND o.next_try_at > clock_timestamp())),
           (SELECT count(*) FROM record.outbox o
             WHERE o.ended_at > clock_timestamp() - interval '7 days'
               AND o.outcome IN ('refused', 'given_up'))
$$;
