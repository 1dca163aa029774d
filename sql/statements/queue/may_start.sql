-- may_start: which of a worker's claims are still its own and not to be killed: asked before a task does anything that
-- the world can see.
-- $1 service_id   text
-- $2 task_run_ids text[]
-- $3 epochs       bigint[]
-- -> task_run_id text
select c.task_run_id
from sluice.claims c
join unnest($2::text[], $3::bigint[]) as u(task_run_id, epoch) on u.task_run_id = c.task_run_id and u.epoch = c.epoch
where c.service_id = $1 and not c.cancelled;
