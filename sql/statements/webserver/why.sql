-- why: every reason for which an execution waits, or that it is over.
-- $1 execution_id text
-- -> code, task_id, reason, since
select code, task_id, reason, since
from sluice.why($1);
