-- evaluating_triggers: triggers that a worker looks for changes with at this moment, the longest first.
-- $1 most  bigint
-- -> namespace text, flow_id text, trigger_id text, worker_id text, evaluating_at timestamptz
select t.namespace, t.flow_id, t.trigger_id, t.worker_id, t.evaluating_at
from sluice.triggers t
where t.evaluating_at is not null
order by t.evaluating_at
limit $1;
