-- load_task_runs_of: those of some tasks, in the order of their creation.
-- $1 execution_id text
-- $2 task_ids     text[]
-- -> the columns of a task run
select t.execution_id, t.id, t.ordinal, t.task_id, t.parent_id, t.value, t.parent_values, t.iteration, t.state, t.created_at,
    t.started_at, t.ended_at, t.worker_id, t.epoch, t.attempts, t.outputs, t.progress, t.history
from sluice.task_runs t
where t.execution_id = $1 and t.task_id = any ($2::text[])
order by t.ordinal;
