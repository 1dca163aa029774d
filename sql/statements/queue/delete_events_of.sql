-- delete_events_of: what waits for an execution that is deleted.
-- $1 execution_id text
-- ->
delete from sluice.execution_events
where execution_id = $1;
