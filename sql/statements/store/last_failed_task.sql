-- last_failed_task: the task of an execution that failed last; a branch's failure comes from a task within, made later.
-- $1 execution_id text
-- -> task_id
-- plan: task_runs_pkey
select task_id
from sluice.task_runs
where execution_id = $1 and state = 'FAILED'
order by ordinal desc
limit 1;
