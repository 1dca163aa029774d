-- cancelled_claims: what a worker is to kill.
-- $1 service_id   text
-- -> task_run_id text, epoch bigint
select task_run_id, epoch
from sluice.claims
where service_id = $1 and cancelled;
