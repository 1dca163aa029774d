-- put_timers: times at which executions want to be woken, a set at once.
-- $1.. arrays of equal length: due_at, execution_id, task_run_id, kind, payload
-- ->
insert into sluice.timers (due_at, execution_id, task_run_id, kind, payload)
select *
from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::jsonb[]);
