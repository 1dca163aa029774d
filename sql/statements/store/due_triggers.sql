-- due_triggers: triggers whose next date has come, the longest overdue first. One whose execution still runs waits: its
-- date stays, and is due as soon as the execution is over.
-- $1 most bigint
-- -> namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill jsonb,
--    resumed, waited_for, released_at, renew_at (timestamptz: from that date on the list of next dates gets short)
-- plan: triggers_next_at_idx
select namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill::text,
    resumed, waited_for, released_at, upcoming[cardinality(upcoming) - 19]
from sluice.triggers
where next_at <= now() and not disabled and execution_id is null and not polls
order by next_at
limit $1
for update skip locked;
