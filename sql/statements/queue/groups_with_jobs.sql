-- groups_with_jobs: which of these queues have jobs, in their order.
-- $1 worker_groups  text[]
-- -> worker_group text
-- plan: jobs_pkey (worker_group) for each
select g.name
from unnest($1::text[]) with ordinality as g(name, place)
where exists (select from sluice.jobs j where j.worker_group = g.name)
order by g.place;
