-- delete_logs_of_execution: with the execution that they belong to.
-- $1 execution_id text
-- ->
-- plan: logs_pkey
delete from sluice.logs
where execution_id = $1;
