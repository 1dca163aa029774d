-- forget_old_spools: those of processes that were killed, and whose folders nobody has found again.
-- $1 age  interval
-- ->
delete from sluice.worker_spools
where told_at < now() - $1::interval;
