-- flow_revisions: all revisions of a flow, oldest first.
-- $1 namespace    text
-- $2 flow_id      text
-- -> namespace, flow_id, revision, source, disabled, deleted, problem, created_at, definition
select namespace, flow_id, revision, source, disabled, deleted, problem, created_at, definition
from sluice.flows
where namespace = $1 and flow_id = $2
order by revision;
