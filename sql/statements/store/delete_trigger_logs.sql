-- delete_trigger_logs: what a trigger itself wrote, not its executions.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 trigger_id   text
-- ->
delete from sluice.logs
where namespace = $1 and flow_id = $2 and trigger_id = $3;
