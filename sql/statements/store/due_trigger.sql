-- due_trigger: one trigger as due_triggers gives it, locked; nothing when its date has changed or somebody else has it.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 trigger_id   text
-- $4 next_at      timestamptz  as it was; null: it is to be planned
-- -> namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill jsonb,
--    resumed, waited_for, released_at, renew_at (timestamptz: from that date on the list of next dates gets short)
-- plan: triggers_pkey
select namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill::text,
    resumed, waited_for, released_at, upcoming[cardinality(upcoming) - 19]
from sluice.triggers
where namespace = $1 and flow_id = $2 and trigger_id = $3 and next_at is not distinct from $4
    and (not planned or (not disabled and execution_id is null and not polls))
for update skip locked;
