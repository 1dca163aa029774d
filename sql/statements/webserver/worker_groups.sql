-- worker_groups: who works for which group, and what waits there.
-- -> worker_group, workers, slots, hosts, running, waiting, oldest (seconds; null: nothing waits), is_stranded
select g.worker_group, g.workers, g.slots, g.hosts, g.running, g.waiting, extract(epoch from g.oldest)::float8,
    coalesce(g.is_stranded, false)
from sluice.worker_group_overview g
order by g.worker_group;
