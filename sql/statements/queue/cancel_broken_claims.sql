-- cancel_broken_claims: workers are told to end what is over; their results then count for nothing.
-- $1 older        interval
-- -> task_run_id text
update sluice.claims c
set cancelled = true
from sluice.broken_claims($1) b
where c.task_run_id = b.task_run_id
returning c.task_run_id;
