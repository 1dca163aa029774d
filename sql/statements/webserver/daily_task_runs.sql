-- daily_task_runs: task runs by day and state, of the executions asked for in the days of [$1, $2].
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 namespace    text      this one and those below, with a flow exactly this one; null: all
-- $4 flow_id      text      null: all
-- $5 states       text[]    null: all
-- -> day, '', '', state, count, shortest, longest, sum (of durations in seconds)
select date_trunc('day', greatest(c.bucket, $1)), '', '', c.state, sum(c.task_runs)::bigint, min(c.shortest), max(c.longest),
    sum(c.seconds)
from sluice.task_runs_counted($1, $2::timestamptz + interval '1 millisecond', $3, $4, $5, false) c
group by 1, 4;
