-- drop_timers_of_executions: nothing wakes an execution that is over.
-- $1 execution_ids text[]
-- ->
-- plan: timers_execution_idx
delete from sluice.timers
where execution_id = any ((select $1::text[])::text[]);
