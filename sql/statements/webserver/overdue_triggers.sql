-- overdue_triggers: schedules whose date has passed without a fire, the oldest first.
-- $1 most         bigint
-- -> namespace, flow_id, trigger_id, next_at
-- plan: triggers_next_at_idx
select t.namespace, t.flow_id, t.trigger_id, t.next_at
from sluice.triggers t
where t.next_at < now() - interval '10 seconds' and not t.disabled and t.execution_id is null
order by t.next_at
limit $1;
