-- return_poll: a worker that stops gives back a trigger that it has not evaluated to its end.
-- $1 namespace, $2 flow_id, $3 trigger_id
-- $4 worker_id      text
-- $5 evaluating_at  timestamptz  when it was taken
-- ->
-- plan: triggers_pkey
update sluice.triggers
set worker_id = null, evaluating_at = null, updated_at = now()
where namespace = $1 and flow_id = $2 and trigger_id = $3 and worker_id = $4 and evaluating_at = $5;
