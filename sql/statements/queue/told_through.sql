-- told_through: how far a worker's spool has been told.
-- $1 spool_id  text
-- -> told bigint; no row: nothing
-- plan: worker_spools_pkey
select told
from sluice.worker_spools
where spool_id = $1;
