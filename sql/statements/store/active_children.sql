-- active_children: executions that one execution's tasks started and that are not over.
-- $1 caller_id    text
-- -> id
select id
from sluice.executions
where caller_id = $1 and state not in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'KILLING');
