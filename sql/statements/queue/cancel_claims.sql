-- cancel_claims: marks claims for their workers to kill. A statement of its own, so that it sees the claim of whoever was
-- taking the job while cancel_jobs waited for it.
-- $1 task_run_ids text[]
-- ->
update sluice.claims
set cancelled = true
where task_run_id = any ($1::text[]) and not cancelled;
