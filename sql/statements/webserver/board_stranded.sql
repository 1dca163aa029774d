-- board_stranded: queues that nobody takes from: jobs of worker groups without a worker, events without an executor.
-- -> what ('worker', 'executor'), worker_group, waiting (1000: or more), since
-- plan: jobs_pkey, a step for each group; small tables
with recursive groups as (
    (select worker_group from sluice.jobs order by worker_group limit 1)
    union all
    select (select j.worker_group from sluice.jobs j where j.worker_group > g.worker_group order by j.worker_group limit 1)
    from groups g
    where g.worker_group is not null
)
select 'worker' as what, g.worker_group, j.waiting, j.since
from groups g
cross join lateral (
    select count(*) as waiting, min(x.created_at) as since
    from (select created_at from sluice.jobs where worker_group = g.worker_group order by seq limit 1000) x) j
where g.worker_group is not null and not sluice.has_worker(g.worker_group)
union all
select 'executor', '', v.waiting, v.since
from (select count(*) as waiting, min(x.created_at) as since
      from (select created_at from sluice.execution_events order by seq limit 1000) x) v
where v.waiting > 0 and not exists (select from sluice.services s
                                    where s.state = 'RUNNING' and s.lease_until > now() and 'executor' = any (s.roles))
order by 4;
