-- delete_runs_of_execution: with the execution that they belong to.
-- $1 execution_id text
-- ->
-- plan: task_runs_pkey
delete from sluice.task_runs
where execution_id = $1;
