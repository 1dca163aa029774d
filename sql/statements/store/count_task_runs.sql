-- count_task_runs: how many task runs there are, mostly from what is counted already.
-- $1 namespace    text      this one and those below, with a flow exactly this one; null: all
-- $2 flow_id      text      null: all
-- $3 states       text[]    null: all
-- -> count
select coalesce(sum(c.task_runs), 0)::bigint
from sluice.task_runs_counted(timestamptz '2020-01-01', now() + interval '1 hour', $1, $2, $3) c;
