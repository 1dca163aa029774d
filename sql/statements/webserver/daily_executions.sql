-- daily_executions: executions by day, flow and state, of the days in [$1, $2].
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 lowest_id    text      of $1: partitions before it are not visited
-- $4 highest_id   text      above all ids of $2
-- $5 namespace    text      this one and those below; null: all
-- $6 flow_id      text      null: all
-- $7 states       text[]    null: all
-- $8 by_flow      boolean   false: namespace and flow_id are ''
-- -> day, namespace, flow_id, state, count, shortest, longest, sum (of durations in seconds)
select date_trunc('day', e.created_at), case when $8 then e.namespace else '' end, case when $8 then e.flow_id else '' end,
    e.state, count(*), min(d.seconds), max(d.seconds), sum(d.seconds)
from sluice.executions e
cross join lateral (select extract(epoch from coalesce(e.ended_at, now()) - e.created_at)::float8 as seconds) as d
where e.created_at >= $1 and e.created_at <= $2 and e.id >= $3 and e.id < $4 and e.kind is null
    and ($5::text is null or e.namespace = $5 or starts_with(e.namespace, $5 || '.'))
    and ($6::text is null or e.flow_id = $6)
    and ($7::text[] is null or e.state = any ($7))
group by 1, 2, 3, 4;
