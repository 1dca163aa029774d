-- stop_triggers: triggers whose execution ended in a state of their stopAfter.
-- $1.. arrays of equal length: namespace, flow_id, trigger_id, by
-- ->
-- plan: triggers_pkey
update sluice.triggers t
set disabled = true, disabled_at = coalesce(t.disabled_at, now()), disabled_by = coalesce(t.disabled_by, u.by),
    next_at = null, updated_at = now()
from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as u(namespace, flow_id, trigger_id, by)
where t.namespace = u.namespace and t.flow_id = u.flow_id and t.trigger_id = u.trigger_id;
