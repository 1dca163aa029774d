-- load_task_runs_of_executions: all task runs of several executions, in the order of their creation.
-- $1 execution_ids text[]
-- -> the columns of a task run
-- plan: task_runs_pkey
select t.execution_id, t.id, t.ordinal, t.task_id, t.parent_id, t.value, t.parent_values, t.iteration, t.state, t.created_at,
    t.started_at, t.ended_at, t.worker_id, t.epoch, t.attempts, t.outputs, t.progress, t.history
from sluice.task_runs t
where t.execution_id = any ($1::text[])
order by t.execution_id, t.ordinal;
