-- cancel_broken_claims: workers are told to end what is over; their results then count for nothing.
-- $1 older        interval
-- -> task_run_id text
with broken as (
    select c.task_run_id
    from sluice.claims c
    where c.task_run_id in (select b.task_run_id from sluice.broken_claims($1) b)
    for update skip locked
)
update sluice.claims c
set cancelled = true
from broken b
where c.task_run_id = b.task_run_id
returning c.task_run_id;
