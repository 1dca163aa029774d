-- retire_latest_flow: the present revision is no longer the newest.
-- $1 namespace    text
-- $2 flow_id      text
-- ->
update sluice.flows
set latest = false
where namespace = $1 and flow_id = $2 and latest;
