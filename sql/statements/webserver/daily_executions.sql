-- daily_executions: executions by day, flow and state, of the days in [$1, $2].
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 namespace    text      this one and those below, with a flow exactly this one; null: all
-- $4 flow_id      text      null: all
-- $5 states       text[]    null: all
-- $6 by_flow      boolean   false: namespace and flow_id are ''
-- -> day, namespace, flow_id, state, count, shortest, longest, sum (of durations in seconds)
select date_trunc('day', greatest(c.bucket, $1)), case when $6 then c.namespace else '' end, case when $6 then c.flow_id else '' end,
    c.state, sum(c.executions)::bigint, min(c.shortest), max(c.longest), sum(c.seconds)
from sluice.executions_counted($1, $2::timestamptz + interval '1 millisecond', $3, $4, $5, $6,
    null, 'day') c
group by 1, 2, 3, 4;
