-- fires_of_trigger: what became of a trigger's latest dates, those of backfills left out.
-- $1 namespace, $2 flow_id, $3 trigger_id
-- $4 most         bigint
-- -> scheduled_at, fate, reason, execution_id, state (of the execution), decided_at
-- plan: fires_pkey
select f.scheduled_at, f.fate, f.reason, f.execution_id, (select e.state from sluice.executions e where e.id = f.execution_id),
    f.decided_at
from sluice.fires f
where f.namespace = $1 and f.flow_id = $2 and f.trigger_id = $3 and f.run = ''
order by f.scheduled_at desc
limit $4;
