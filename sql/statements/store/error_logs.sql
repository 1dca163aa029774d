-- error_logs: the ERROR lines of an execution, for the function errorLogs().
-- $1 execution_id text
-- -> task_id, message, at, task_run_id, attempt
select task_id, message, at, task_run_id, attempt
from sluice.logs
where execution_id = $1 and level = 4
order by seq
limit 1000;
