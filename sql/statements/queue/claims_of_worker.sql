-- claims_of_worker: all that a worker has in the eyes of the database.
-- $1 service_id   text
-- -> task_run_id text, epoch bigint
-- plan: claims_service_idx
select task_run_id, epoch
from sluice.claims
where service_id = $1;
