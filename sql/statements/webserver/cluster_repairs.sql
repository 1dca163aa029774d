-- cluster_repairs: what the reconciler had to repair; nothing while all is well.
-- -> invariant, repaired, repaired_at, last_id
select r.invariant, r.repaired, r.repaired_at, r.last_id
from sluice.repairs r
where r.repaired > 0
order by r.repaired_at desc;
