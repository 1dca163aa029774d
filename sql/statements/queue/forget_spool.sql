-- forget_spool: nothing is left in it, and nobody will write to it again.
-- $1 spool_id  text
-- ->
-- plan: worker_spools_pkey
delete from sluice.worker_spools
where spool_id = $1;
