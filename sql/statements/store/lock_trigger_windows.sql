-- lock_trigger_windows: what windows hold; locked until the end of the transaction.
-- $1.. arrays of equal length: namespace, flow_id, preconditions_id
-- -> namespace, flow_id, preconditions_id, state
-- plan: trigger_windows_pkey
select w.namespace, w.flow_id, w.preconditions_id, w.state
from unnest($1::text[], $2::text[], $3::text[]) as u(namespace, flow_id, preconditions_id)
join sluice.trigger_windows w using (namespace, flow_id, preconditions_id)
order by w.namespace, w.flow_id, w.preconditions_id
for update of w;
