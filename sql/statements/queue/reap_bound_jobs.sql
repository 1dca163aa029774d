-- reap_bound_jobs: jobs that only one worker may take (its group is '@' and the service's id), and that worker is gone:
-- they become events of their executions, which begin anew elsewhere.
-- -> task_run_id text
-- plan: jobs_pkey (worker_group) for each service that has ended and is remembered
with orphans as (
    delete from sluice.jobs
    where worker_group = any (array(
        select '@' || service_id
        from sluice.services
        where state in ('DEAD', 'STOPPED')))
    returning *
), event as (
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    select execution_id, 'worker_lost', task_run_id,
        jsonb_build_object('epoch', epoch, 'worker', substr(worker_group, 2), 'claimedAt',
            to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    from orphans
)
select task_run_id
from orphans;
