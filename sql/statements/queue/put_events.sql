-- put_events: events for executions, a set at once.
-- $1.. arrays of equal length: execution_id, kind, task_run_id, payload
-- ->
insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
select *
from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]);
