-- purged_places: executions that are gone and whose files may not be.
-- $1 after        text
-- $2 most         bigint
-- -> execution_id text, namespace text, flow_id text
-- plan: purged_executions_pkey
select execution_id, namespace, flow_id
from sluice.purged_executions
where execution_id > $1
order by execution_id
limit $2;
