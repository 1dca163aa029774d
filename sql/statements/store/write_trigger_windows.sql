-- write_trigger_windows: what windows hold from now on.
-- $1.. arrays of equal length: namespace, flow_id, preconditions_id, state (JSON; null: the row goes), ends_at
-- ->
-- plan: trigger_windows_pkey
with u as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
        as u(namespace, flow_id, preconditions_id, state, ends_at)
), gone as (
    delete from sluice.trigger_windows w using u
    where w.namespace = u.namespace and w.flow_id = u.flow_id and w.preconditions_id = u.preconditions_id
      and u.state is null
)
update sluice.trigger_windows w
set state = u.state::jsonb, ends_at = u.ends_at, updated_at = now()
from u
where w.namespace = u.namespace and w.flow_id = u.flow_id and w.preconditions_id = u.preconditions_id
  and u.state is not null;
