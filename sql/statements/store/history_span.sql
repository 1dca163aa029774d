-- history_span: from when to when there are executions.
-- -> oldest (id; '': none), now
-- plan: executions_pkey
select coalesce((select e.id from sluice.executions e order by e.id limit 1), ''), now();
