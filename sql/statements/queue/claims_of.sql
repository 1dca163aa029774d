-- claims_of: which task runs of an execution workers have now.
-- $1 execution_id text
-- -> task_run_id, service_id, claimed_at, cancelled
-- plan: claims_execution_idx
select task_run_id, service_id, claimed_at, cancelled
from sluice.claims
where execution_id = $1;
