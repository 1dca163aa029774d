-- disabled_triggers: which of these triggers somebody switched off.
-- $1.. arrays of equal length: namespace, flow_id, trigger_id
-- -> namespace, flow_id, trigger_id
-- plan: triggers_pkey
select t.namespace, t.flow_id, t.trigger_id
from unnest($1::text[], $2::text[], $3::text[]) as u(namespace, flow_id, trigger_id)
join sluice.triggers t using (namespace, flow_id, trigger_id)
where t.disabled;
