-- reap_ownerless_claims: claims of services that are gone become events of their executions.
-- $1 older        interval
-- -> task_run_id text
with broken as (
    select c.task_run_id
    from sluice.claims c
    where (c.task_run_id, c.service_id) in (select b.task_run_id, b.service_id from sluice.ownerless_claims($1) b)
    for update skip locked
), lost as (
    delete from sluice.claims c
    using broken b
    where c.task_run_id = b.task_run_id
    returning c.*
), event as (
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    select execution_id, 'worker_lost', task_run_id,
        jsonb_build_object('epoch', epoch, 'worker', service_id, 'claimedAt',
            to_char(claimed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    from lost
)
select task_run_id
from lost;
