-- make_trigger_windows: a row for each window that has none, so that it can be locked.
-- $1.. arrays of equal length: namespace, flow_id, preconditions_id; in their order, as everybody locks them
-- ->
insert into sluice.trigger_windows (namespace, flow_id, preconditions_id)
select u.namespace, u.flow_id, u.preconditions_id
from unnest($1::text[], $2::text[], $3::text[]) as u(namespace, flow_id, preconditions_id)
on conflict do nothing;
