-- keep_awaited: of executions that are locked to be purged, those stay of which somebody asked something while they were
-- looked for: a restart, say. A statement of its own sees what was committed before the locks.
-- $1 execution_ids text[]
-- -> execution_id text
delete from sluice.purged_executions
where execution_id = any (array(select v.execution_id from sluice.execution_events v where v.execution_id = any ($1::text[])))
returning execution_id;
