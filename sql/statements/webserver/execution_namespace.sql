-- execution_namespace: where an execution belongs.
-- $1 execution_id text
-- -> namespace text
-- plan: executions_pkey
select namespace
from sluice.executions
where id = $1;
