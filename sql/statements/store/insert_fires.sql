-- insert_fires: what became of dates. A date that has its row already was dealt with: the second one is left out, and its
-- row counts it when an execution was to be made of it.
-- $1 epoch bigint
-- $2.. arrays of equal length: namespace, flow_id, trigger_id, run, scheduled_at, fate, reason, execution_id
-- -> namespace, flow_id, trigger_id, run, scheduled_at, refused bigint (0: the row is new)
insert into sluice.fires as f (namespace, flow_id, trigger_id, run, scheduled_at, fate, reason, execution_id, epoch)
select u.namespace, u.flow_id, u.trigger_id, u.run, u.scheduled_at, u.fate, u.reason, u.execution_id, $1
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::text[])
     as u(namespace, flow_id, trigger_id, run, scheduled_at, fate, reason, execution_id)
on conflict on constraint fires_pkey do update
set refused = f.refused + 1, refused_at = now()
where excluded.execution_id is not null
returning f.namespace, f.flow_id, f.trigger_id, f.run, f.scheduled_at, f.refused::bigint;
