-- delete_values_of_execution: with the execution that they belong to.
-- $1 execution_id text
-- ->
-- plan: loop_values_pkey
delete from sluice.loop_values
where execution_id = $1;
