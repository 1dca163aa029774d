-- drop_timers: timers of task runs that no longer wait.
-- $1 execution_ids text[]
-- $2 task_run_ids  text[]
-- ->
-- plan: timers_execution_idx
delete from sluice.timers
where execution_id = any ((select $1::text[])::text[]) and task_run_id = any ((select $2::text[])::text[]);
