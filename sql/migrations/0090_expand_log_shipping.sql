-- 0090_expand_log_shipping.sql: how far lines of executions and triggers were shipped to somewhere else. Old servers ship none.

create table sluice.log_shipping (
    receiver    text        not null,                    -- file, syslog, http
    shipped_seq bigint      not null,                    -- all lines up to here were taken
    caught_up_at timestamptz not null default now(),     -- when nothing waited for the last time
    service_id  text collate "C" not null default '',    -- who ships
    lease_until timestamptz not null default '-infinity',
    lines       bigint      not null default 0,          -- that were taken
    failures    bigint      not null default 0,
    refused     bigint      not null default 0,          -- lines that the receiver will never take
    error       text,                                    -- of the last failure; null: it was taken meanwhile
    constraint log_shipping_pkey primary key (receiver)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 200);

-- Numbers are drawn about in the order of the pages: this tells which pages hold a span of them, and costs next to nothing.
create index logs_seq_idx on only sluice.logs using brin (seq) with (pages_per_range = 32, autosummarize = on);
