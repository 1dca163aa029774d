-- purged_places: executions that are gone and whose files may not be.
-- $1 most         bigint
-- -> execution_id text, namespace text, flow_id text
select execution_id, namespace, flow_id
from sluice.purged_executions
order by execution_id
limit $1;
