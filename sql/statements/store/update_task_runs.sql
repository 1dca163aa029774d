-- update_task_runs: what steps changed of task runs, a set at once.
-- $1.. arrays of equal length: execution_id, id, state, started_at, ended_at, worker_id, epoch, attempts, outputs,
--      progress, history
-- ->
-- plan: task_runs_pkey, once for each row (see load_lineage)
update sluice.task_runs t
set state = u.state, started_at = u.started_at, ended_at = u.ended_at, worker_id = u.worker_id, epoch = u.epoch,
    attempts = u.attempts, outputs = u.outputs, progress = u.progress, history = u.history
from unnest((select $1::text[]), $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::bigint[],
    $8::jsonb[], $9::jsonb[], $10::jsonb[], $11::text[])
    as u(execution_id, id, state, started_at, ended_at, worker_id, epoch, attempts, outputs, progress, history)
where t.execution_id = u.execution_id and t.id = u.id;
