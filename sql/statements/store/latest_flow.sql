-- latest_flow: the newest revision of a flow, also when it is a deletion.
-- $1 namespace    text
-- $2 flow_id      text
-- -> namespace, flow_id, revision, source, disabled, deleted, problem, created_at, definition
-- plan: flows_latest_key
select namespace, flow_id, revision, source, disabled, deleted, problem, created_at, definition
from sluice.flows
where namespace = $1 and flow_id = $2 and latest;
