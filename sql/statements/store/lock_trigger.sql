-- lock_trigger: one trigger, locked, with its definition where the flow still has it.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 trigger_id   text
-- -> namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill, disabled, execution_id,
--    evaluating_at, worker_id, error, updated_at, disabled_at, disabled_by, definition
-- plan: triggers_pkey, flows_latest_key
select t.namespace, t.flow_id, t.trigger_id, t.flow_revision, t.type, t.next_at, t.last_at, t.backfill, t.disabled,
    t.execution_id, t.evaluating_at, t.worker_id, t.error, t.updated_at, t.disabled_at, t.disabled_by,
    (select d from sluice.flows f, jsonb_array_elements(f.definition -> 'triggers') as d
     where f.namespace = t.namespace and f.flow_id = t.flow_id and f.latest and not f.deleted
        and jsonb_typeof(f.definition -> 'triggers') = 'array' and d ->> 'id' = t.trigger_id
     limit 1)
from sluice.triggers t
where t.namespace = $1 and t.flow_id = $2 and t.trigger_id = $3
for update of t;
