-- load_executions: executions by id, unlocked.
-- $1 ids          text[]
-- -> the columns of an execution
select id, namespace, flow_id, flow_revision, state, version, created_at, started_at, ended_at, kind, labels, inputs,
    outputs, variables, trigger, parent_id, original_id, caller_id, caller_task_run_id, attempt, schedule_date, progress,
    history
from sluice.executions
where id = any ($1::text[]);
