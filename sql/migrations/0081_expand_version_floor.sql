-- 0081_expand_version_floor.sql: which programs may still work on this database. Old ones don't look here; they know contractions by name.

create table sluice.version_floor (
    migration text        not null,                    -- a program that does not know this one must not work here
    reason    text        not null,                    -- what it would do wrong
    since     timestamptz not null default now(),
    constraint version_floor_pkey primary key (migration)
);
