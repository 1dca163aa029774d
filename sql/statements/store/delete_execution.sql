-- delete_execution: the row of one execution.
-- $1 id           text
-- ->
-- plan: executions_pkey
delete from sluice.executions
where id = $1;
