-- last_errors: the newest ERROR lines of a task in an execution, oldest first.
-- $1 execution_id text
-- $2 task_id      text
-- $3 most         bigint
-- -> message
-- plan: logs_pkey
select message
from (
    select seq, message
    from sluice.logs
    where execution_id = $1 and task_id = $2 and level = 4
    order by seq desc
    limit $3
) newest
order by seq;
