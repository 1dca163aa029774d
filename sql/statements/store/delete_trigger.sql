-- delete_trigger: the state of one trigger.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 trigger_id   text
-- ->
delete from sluice.triggers
where namespace = $1 and flow_id = $2 and trigger_id = $3;
