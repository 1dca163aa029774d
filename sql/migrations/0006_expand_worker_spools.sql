-- 0006_expand_worker_spools.sql: how far each worker process has told what its tasks did.
--
-- It is written in the transaction that stores what is told. So a worker that does not know whether its last COMMIT
-- happened, or the process that finds its spool on disk, reads here what is still to be told.

create table sluice.worker_spools (
    spool_id text        not null,
    told     bigint      not null,                       -- everything up to this number
    told_at  timestamptz not null default now(),
    constraint worker_spools_pkey primary key (spool_id),
    constraint worker_spools_told_in_order check (told > 0)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 500);
