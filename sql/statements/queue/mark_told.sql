-- mark_told: notes in the same transaction how far a worker's spool has been told. When it was told further meanwhile (by a
-- transaction of ours whose COMMIT we gave up waiting for), this breaks worker_spools_told_in_order, and nothing is
-- told twice.
-- $1 spool_id  text
-- $2 before    bigint  0: nothing was told yet
-- $3 told      bigint
-- ->
-- plan: worker_spools_pkey
insert into sluice.worker_spools as s (spool_id, told)
values ($1, $3)
on conflict (spool_id) do update
set told = case when s.told = $2 then excluded.told else -1 end, told_at = now();
