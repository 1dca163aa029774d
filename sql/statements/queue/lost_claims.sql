-- lost_claims: which of a worker's claims are gone (its lease ran out): it must end those tasks at once.
-- $1 service_id   text
-- $2 task_run_ids text[]
-- $3 epochs       bigint[]
-- -> task_run_id text
-- plan: claims_pkey (see finish_claims)
select u.task_run_id
from unnest((select $2::text[]), $3::bigint[]) as u(task_run_id, epoch)
where u.epoch is distinct from (
    select c.epoch from sluice.claims c where c.task_run_id = u.task_run_id and concat(c.service_id) = $1);
