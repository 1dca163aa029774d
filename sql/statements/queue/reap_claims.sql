-- reap_claims: the claims of a service that is dead become events of their executions, which decide what happens next.
-- $1 service_id   text
-- -> task_run_id text
with lost as (
    delete from sluice.claims
    where service_id = $1
    returning *
), event as (
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    select execution_id, 'worker_lost', task_run_id,
        jsonb_build_object('epoch', epoch, 'worker', service_id, 'claimedAt', to_char(claimed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    from lost
)
select task_run_id
from lost;
