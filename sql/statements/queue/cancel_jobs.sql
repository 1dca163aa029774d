-- cancel_jobs: ends jobs that nobody has claimed (they are returned), and marks claims for their workers to kill.
-- $1 task_run_ids text[]
-- -> task_run_id text, epoch bigint
with unclaimed as (
    delete from sluice.jobs
    where task_run_id = any ($1::text[])
    returning task_run_id, epoch
), marked as (
    update sluice.claims
    set cancelled = true
    where task_run_id = any ($1::text[]) and not cancelled
)
select task_run_id, epoch
from unclaimed;
