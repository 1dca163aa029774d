-- stop_triggers: triggers whose execution ended in a state of their stopAfter.
-- $1.. arrays of equal length: namespace, flow_id, trigger_id
-- ->
-- plan: triggers_pkey
update sluice.triggers t
set disabled = true, next_at = null, updated_at = now()
from unnest($1::text[], $2::text[], $3::text[]) as u(namespace, flow_id, trigger_id)
where t.namespace = u.namespace and t.flow_id = u.flow_id and t.trigger_id = u.trigger_id;
