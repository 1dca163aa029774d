-- take_jobs: turn up to $1 ready jobs of one worker group into claims of one worker, in seq order.
-- $1 max_jobs      bigint    1..500, and never more than the worker's free slots
-- $2 worker_group  text      '@' and the service's id: what only this worker may take, also while it drains
-- $3 from_seq      bigint    lowest live seq seen so far, to skip what vacuum can't yet remove; 0: all
-- $4 service_id    text      the claiming worker; nothing is taken unless it is alive and not draining, nor in maintenance mode
-- -> seq bigint, task_run_id text, execution_id text, epoch bigint, payload jsonb, claimed_at timestamptz, the columns of
--    the execution: once for each, else null
-- plan: jobs_pkey (worker_group, seq), then by ctid: of a queue that seems to be small, all that waits would be read to find them by seq
--       executions_pkey, once for each execution
with ready as (
    select ctid as place
    from sluice.jobs
    where worker_group = $2 and seq >= $3
        and exists (
            select from sluice.services
            where service_id = $4 and lease_until > now()
                and ((state = 'RUNNING' and not exists (select from sluice.maintenance where left_at is null))
                     or (state in ('RUNNING', 'DRAINING') and $2 = '@' || $4)))
        and not ((select exists (select from sluice.kill_switches)) and sluice.is_switched_off(execution_id))
    order by seq
    limit $1
    for update skip locked
), taken as (
    delete from sluice.jobs
    where ctid = any (array(select place from ready))  -- they are locked, and never updated
    returning seq, task_run_id, execution_id, epoch, payload
), claimed as (
    insert into sluice.claims (task_run_id, execution_id, epoch, service_id, worker_group, payload)
    select task_run_id, execution_id, epoch, $4, $2, payload
    from taken
)
select t.seq, t.task_run_id, t.execution_id, t.epoch, t.payload, now(),
    e.id, e.namespace, e.flow_id, e.flow_revision, e.state, e.version, e.created_at, e.started_at, e.ended_at, e.kind, e.labels,
    e.inputs, e.outputs, e.variables, e.trigger, e.parent_id, e.original_id, e.caller_id, e.caller_task_run_id, e.attempt,
    e.schedule_date, e.progress, e.history
from (
    select *, case when row_number() over (partition by execution_id order by seq) = 1 then execution_id end as first_of
    from taken
) t
left join sluice.executions e on e.id = t.first_of;
