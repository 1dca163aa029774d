-- concurrency_limits: flows with a limit of executions at the same time, and how many run and wait.
-- -> namespace, flow_id, limit, behavior, running, queued
select f.namespace, f.flow_id, (f.definition -> 'concurrency' ->> 'limit')::bigint,
    coalesce(f.definition -> 'concurrency' ->> 'behavior', 'QUEUE'),
    (select count(*) from sluice.concurrency_slots s where s.namespace = f.namespace and s.flow_id = f.flow_id),
    (select count(*) from sluice.queued_executions q where q.namespace = f.namespace and q.flow_id = f.flow_id)
from sluice.flows f
where f.latest and not f.deleted and jsonb_typeof(f.definition -> 'concurrency' -> 'limit') = 'number'
order by f.namespace, f.flow_id;
