-- delete_task_runs: task runs that a restart or the next round of a loop forgets.
-- $1 execution_ids text[]
-- $2 ids           text[]  of the same length
-- ->
delete from sluice.task_runs t
using unnest($1::text[], $2::text[]) as u(execution_id, id)
where t.execution_id = u.execution_id and t.id = u.id;
