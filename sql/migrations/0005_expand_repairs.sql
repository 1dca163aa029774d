-- 0005_expand_repairs.sql: what the reconciler looked at, and what it had to repair.

create table sluice.repairs (
    invariant   text        not null,
    repaired    bigint      not null default 0,          -- stays 0 while all is well
    repaired_at timestamptz,
    last_id     text,                                    -- of the row that was repaired last
    swept_at    timestamptz not null default '-infinity',
    cursor      text collate "C" not null default '',    -- of a sweep in pieces: the last id that was looked at
    constraint repairs_pkey primary key (invariant)
);
