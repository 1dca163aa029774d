-- listening_triggers: Flow triggers, which look at every change of an execution's state.
-- -> namespace, flow_id, trigger_id, flow_revision
-- plan: triggers_listening_idx
select namespace, flow_id, trigger_id, flow_revision
from sluice.triggers
where type = 'io.kestra.plugin.core.trigger.Flow' and not disabled
order by namespace, flow_id, trigger_id;
