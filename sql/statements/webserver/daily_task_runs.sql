-- daily_task_runs: task runs by day and state, of the days in [$1, $2].
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 highest_id   text      above all ids of $2
-- $4 namespace    text      this one and those below; null: all
-- $5 flow_id      text      null: all
-- $6 states       text[]    null: all
-- -> day, '', '', state, count, shortest, longest, sum (of durations in seconds)
select date_trunc('day', t.created_at), '', '', t.state, count(*), min(d.seconds), max(d.seconds), sum(d.seconds)
from sluice.task_runs t
cross join lateral (select extract(epoch from coalesce(t.ended_at, now()) - t.created_at)::float8 as seconds) as d
where t.created_at >= $1 and t.created_at <= $2 and t.execution_id < $3
    and ($4::text is null or t.namespace = $4 or starts_with(t.namespace, $4 || '.'))
    and ($5::text is null or t.flow_id = $5)
    and ($6::text[] is null or t.state = any ($6))
group by 1, 4;
