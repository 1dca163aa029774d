-- cluster_claims: what workers are doing, the oldest first, after a claim that was seen.
-- $1 claimed_at   timestamptz  null: from the beginning
-- $2 task_run_id  text
-- $3 most         bigint
-- -> task_run_id, execution_id, namespace, flow_id, task_id, epoch, service_id, host, worker_group, claimed_at, cancelled,
--    worker_is_alive
select c.task_run_id, c.execution_id, c.namespace, c.flow_id, c.task_id, c.epoch, c.service_id, c.host, c.worker_group,
    c.claimed_at, c.cancelled, coalesce(c.worker_is_alive, false)
from sluice.claim_overview c
where $1::timestamptz is null or (c.claimed_at, c.task_run_id) > ($1, $2)
order by c.claimed_at, c.task_run_id
limit $3;
