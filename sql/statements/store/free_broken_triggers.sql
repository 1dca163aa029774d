-- free_broken_triggers: triggers whose execution is over may fire again.
-- $1 older        interval
-- -> id text: namespace.flow.trigger
update sluice.triggers t
set execution_id = null, updated_at = now()
from sluice.broken_triggers($1) b
where t.namespace = b.namespace and t.flow_id = b.flow_id and t.trigger_id = b.trigger_id and t.execution_id = b.execution_id
returning format('%s.%s.%s', t.namespace, t.flow_id, t.trigger_id);
