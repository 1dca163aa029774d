-- set_trigger_disabled: a person or a task switches a trigger off or on.
-- $1 namespace, $2 flow_id, $3 trigger_id, $4 disabled boolean
-- ->
update sluice.triggers
set disabled = $4, updated_at = now()
where namespace = $1 and flow_id = $2 and trigger_id = $3;
