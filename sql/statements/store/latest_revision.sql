-- latest_revision: the number of the newest revision of a flow that is not deleted.
-- $1 namespace    text
-- $2 flow_id      text
-- -> revision bigint
-- plan: flows_latest_key
select revision
from sluice.flows
where namespace = $1 and flow_id = $2 and latest and not deleted;
