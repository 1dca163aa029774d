-- drop_timers: timers of task runs that no longer wait.
-- $1 execution_ids text[]
-- $2 task_run_ids  text[]  of the same length
-- ->
-- plan: timers_execution_idx
delete from sluice.timers t
using unnest($1::text[], $2::text[]) as u(execution_id, task_run_id)
where t.execution_id = u.execution_id and t.task_run_id = u.task_run_id;
