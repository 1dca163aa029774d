-- replan_dateless_triggers: schedules that lost their next date get it from the scheduler.
-- $1 older        interval
-- -> id text: namespace.flow.trigger
-- plan: triggers_dateless_idx
with broken as (
    select t.namespace, t.flow_id, t.trigger_id
    from sluice.triggers t
    where (t.namespace, t.flow_id, t.trigger_id) in (
        select b.namespace, b.flow_id, b.trigger_id from sluice.dateless_triggers($1) b)
    for update skip locked
)
update sluice.triggers t
set planned = false, updated_at = now()
from broken b
where t.namespace = b.namespace and t.flow_id = b.flow_id and t.trigger_id = b.trigger_id
returning format('%s.%s.%s', t.namespace, t.flow_id, t.trigger_id);
