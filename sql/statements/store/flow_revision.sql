-- flow_revision: one revision of a flow; executions find theirs also after a deletion.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 revision     bigint
-- -> namespace, flow_id, revision, source, disabled, deleted, problem, created_at, definition
-- plan: flows_pkey
select namespace, flow_id, revision, source, disabled, deleted, problem, created_at, definition
from sluice.flows
where namespace = $1 and flow_id = $2 and revision = $3;
