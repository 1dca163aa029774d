-- unplanned_triggers: triggers that are new, or whose definition changed: their first date is to be computed.
-- $1 most bigint
-- -> namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill jsonb, updated_at
-- plan: triggers_unplanned_idx
select namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill::text, updated_at
from sluice.triggers
where not planned
order by namespace, flow_id, trigger_id
limit $1
for update skip locked;
