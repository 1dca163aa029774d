-- load_loop_values: one piece of a loop's values.
-- $1 execution_id text
-- $2 task_run_id  text
-- $3 chunk        integer
-- -> items jsonb
select items
from sluice.loop_values
where execution_id = $1 and task_run_id = $2 and chunk = $3;
