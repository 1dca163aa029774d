-- lost_claims: which of a worker's claims are gone (its lease ran out): it must end those tasks at once.
-- $1 service_id   text
-- $2 task_run_ids text[]
-- $3 epochs       bigint[]
-- -> task_run_id text
select u.task_run_id
from unnest($2::text[], $3::bigint[]) as u(task_run_id, epoch)
where not exists (
    select from sluice.claims c
    where c.task_run_id = u.task_run_id and c.epoch = u.epoch and c.service_id = $1);
