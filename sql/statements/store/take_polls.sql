-- take_polls: polling triggers that are due become this worker's, the longest overdue first. One that another worker
-- evaluates is that worker's until its lease is over.
-- $1 most       bigint
-- $2 worker_id  text   nothing is taken unless it is alive and not draining, nor in maintenance mode
-- -> namespace, flow_id, trigger_id, flow_revision, next_at, evaluating_at, memory (jsonb, may be null)
-- plan: triggers_polls_idx
with due as (
    select namespace, flow_id, trigger_id
    from sluice.triggers t
    where polls and planned and next_at <= now() and not disabled and execution_id is null
        and (worker_id is null
             or not exists (select from sluice.services s where s.service_id = t.worker_id and s.lease_until > now()))
        and exists (
            select from sluice.services where service_id = $2 and state = 'RUNNING' and lease_until > now()
                and not sluice.in_maintenance())
    order by next_at
    limit $1
    for update skip locked
)
update sluice.triggers t
set worker_id = $2, evaluating_at = clock_timestamp(), updated_at = now()
from due
where t.namespace = due.namespace and t.flow_id = due.flow_id and t.trigger_id = due.trigger_id
returning t.namespace, t.flow_id, t.trigger_id, t.flow_revision, t.next_at, t.evaluating_at, t.memory;
