-- delete_metrics_of_execution: with the execution that they belong to.
-- $1 execution_id text
-- ->
-- plan: metrics_pkey
delete from sluice.metrics
where execution_id = $1;
