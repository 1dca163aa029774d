-- has_task_to_restart: is there a task run to begin again from?
-- $1 execution_id text
-- -> 1, or nothing
-- plan: task_runs_pkey
select 1
from sluice.task_runs
where execution_id = $1 and state in ('FAILED', 'PAUSED')
limit 1;
