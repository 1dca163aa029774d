-- return_claims: a worker gives back what it has not finished; the executions decide what happens next.
-- $1 service_id   text
-- $2 task_run_ids text[]
-- $3 epochs       bigint[]
-- $4 reason       text      for the history of attempts
-- -> task_run_id text
with returned as (
    delete from sluice.claims c
    using unnest($2::text[], $3::bigint[]) as u(task_run_id, epoch)
    where c.task_run_id = u.task_run_id and c.epoch = u.epoch and c.service_id = $1
    returning c.*
), event as (
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    select execution_id, 'job_returned', task_run_id,
        jsonb_build_object('epoch', epoch, 'worker', service_id, 'reason', $4::text, 'claimedAt',
            to_char(claimed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    from returned
)
select task_run_id
from returned;
