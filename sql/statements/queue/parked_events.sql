-- parked_events: events that were put aside, the oldest first.
-- $1 most         bigint
-- -> id, execution_id, namespace, flow_id, kind, task_run_id, error, parked_at, total bigint
select p.id, p.execution_id, p.namespace, p.flow_id, p.kind, p.task_run_id, p.error, p.parked_at,
    (select count(*) from sluice.parked_events)
from sluice.parked() p
limit $1;
