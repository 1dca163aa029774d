-- lock_executions: the rows of executions, locked for the one who will change them. Those that somebody else has locked
-- are left out: their events wait.
-- $1 ids          text[]
-- -> the columns of an execution, kill_reason text: of the kill switch that it is under
-- plan: executions_pkey of the partitions that the ids fall into
select id, namespace, flow_id, flow_revision, state, version, created_at, started_at, ended_at, kind, labels, inputs,
    outputs, variables, trigger, parent_id, original_id, caller_id, caller_task_run_id, attempt, schedule_date, progress,
    history,
    case when (select exists (select from sluice.kill_switches)) then sluice.kill_reason(namespace, flow_id, id) end
from sluice.executions
where id = any ($1::text[])
for no key update skip locked;
