-- free_broken_triggers: triggers whose execution is over may fire again.
-- $1 older        interval
-- -> id text: namespace.flow.trigger
with broken as (
    select t.namespace, t.flow_id, t.trigger_id
    from sluice.triggers t
    where (t.namespace, t.flow_id, t.trigger_id, t.execution_id) in (
        select b.namespace, b.flow_id, b.trigger_id, b.execution_id from sluice.broken_triggers($1) b)
    for update skip locked
)
update sluice.triggers t
set waited_for = t.execution_id, released_at = now(), execution_id = null, updated_at = now()
from broken b
where t.namespace = b.namespace and t.flow_id = b.flow_id and t.trigger_id = b.trigger_id
returning format('%s.%s.%s', t.namespace, t.flow_id, t.trigger_id);
