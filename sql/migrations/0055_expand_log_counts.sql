-- 0055_expand_log_counts.sql: log lines by time, namespace, flow and level, so that nobody has to read them to count them.
--
-- Who writes lines does nothing for it: their numbers tell what is new (sql/README.md, "Counts"). What was there before is
-- counted within minutes, the newest first, a piece in each transaction. Servers of before write and delete lines as ever.

create table sluice.log_counts (
    whole_day boolean     not null,
    bucket    timestamptz not null,                      -- when the hour, or the day (UTC), begins
    namespace text        not null,                      -- without a flow: with all below it; '': everything
    flow_id   text        not null,                      -- '': all
    level     smallint    not null,
    week      timestamptz not null,                      -- of the partition that has these lines, and takes them along
    lines     bigint      not null,
    constraint log_counts_pkey primary key (whole_day, bucket, namespace, flow_id, level, week)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

-- Partitions whose lines were counted.
create table sluice.log_count_weeks (
    week timestamptz not null,
    constraint log_count_weeks_pkey primary key (week)
);

-- Hours of which lines were deleted. Nobody updates it, and there is no unique key that writers could wait for.
create table sluice.log_recounts (
    bucket timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

create table sluice.log_count_progress (
    name         text        not null,
    counted_from bigint,                                 -- all lines with numbers above this one
    counted_upto bigint,                                 -- … up to this one are counted
    counted_at   timestamptz,                            -- when that was said last
    span         bigint      not null default 200000,    -- of the next piece of what was there before
    fresh_upto   bigint,                                 -- numbers up to here were drawn
    fresh_at     timestamptz,                            -- … at this instant
    next_upto    bigint,                                 -- and those up to here by transactions below
    next_xid     xid8,                                   -- this one
    settled_upto bigint      not null default 0,         -- which are over: no line up to here is still to come
    constraint log_count_progress_pkey primary key (name)
);
insert into sluice.log_count_progress (name) values ('logs');

-- What it does is in functions/log_counting.sql.
create function sluice.note_deleted_lines() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger logs_leave_marks after delete on sluice.logs
    referencing old table as gone for each statement execute function sluice.note_deleted_lines();
