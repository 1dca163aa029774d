-- unplanned_triggers: triggers that are new, or whose definition changed: their first date is to be computed.
-- $1 most bigint
-- -> namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill jsonb,
--    resumed, waited_for, released_at, renew_at (timestamptz: from that date on the list of next dates gets short)
-- plan: triggers_unplanned_idx
select namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill::text,
    resumed, waited_for, released_at, upcoming[cardinality(upcoming) - 19]
from sluice.triggers
where not planned
order by namespace, flow_id, trigger_id
limit $1
for update skip locked;
