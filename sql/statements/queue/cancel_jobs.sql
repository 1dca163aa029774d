-- cancel_jobs: ends jobs that nobody has claimed. cancel_claims must follow, in the same transaction.
-- $1 task_run_ids text[]
-- -> task_run_id text, epoch bigint
delete from sluice.jobs
where task_run_id = any ($1::text[])
returning task_run_id, epoch;
