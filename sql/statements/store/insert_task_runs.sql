-- insert_task_runs: new task runs, a set at once. Making the same one twice is a violation of task_runs_pkey: ids are
-- made of the place in the execution.
-- $1.. arrays of equal length, in the order of the columns below
-- ->
insert into sluice.task_runs (execution_id, id, ordinal, namespace, flow_id, task_id, parent_id, value, parent_values,
    iteration, state, created_at, started_at, ended_at, worker_id, epoch, attempts, outputs, progress, history)
select execution_id, id, ordinal, namespace, flow_id, task_id, parent_id, value,
    (select array_agg(v order by n) from jsonb_array_elements_text(parent_values) with ordinality as p(v, n)),
    iteration, state, created_at, started_at, ended_at, worker_id, epoch, attempts, outputs, progress, history
from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::jsonb[], $10::integer[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::text[],
    $16::bigint[], $17::jsonb[], $18::jsonb[], $19::jsonb[], $20::text[])
    as u(execution_id, id, ordinal, namespace, flow_id, task_id, parent_id, value, parent_values, iteration, state,
        created_at, started_at, ended_at, worker_id, epoch, attempts, outputs, progress, history);
