-- 0045_expand_count_days.sql: counts of whole days beside those of hours, and of task runs beside those of executions.
--
-- What was counted before is forgotten, and counted again within minutes, the newest first; until then it is read.

truncate sluice.execution_buckets, sluice.execution_counts, sluice.execution_totals, sluice.recounts;
update sluice.count_progress set counted_from = null, counted_until = null;
-- Without a default: a server of before, which counts less, can't write a bucket that would be believed.
alter table sluice.execution_buckets add column with_task_runs boolean not null;

-- Of a whole day (UTC): the sum of its hours.
alter table sluice.execution_counts add column whole_day boolean not null default false;
alter table sluice.execution_counts drop constraint execution_counts_pkey;
alter table sluice.execution_counts
    add constraint execution_counts_pkey primary key (whole_day, bucket, namespace, flow_id, state);
alter table sluice.execution_totals add column whole_day boolean not null default false;
-- Totals of a namespace and all below it, too; '': of everything.
alter table sluice.execution_totals add column within text not null default '';
alter table sluice.execution_totals drop constraint execution_totals_pkey;
alter table sluice.execution_totals
    add constraint execution_totals_pkey primary key (whole_day, bucket, within, state);

-- Days that were summed. A mark in one of its hours makes a day unbelievable, too.
create table sluice.count_days (
    starts_at timestamptz not null,
    lowest_id text collate "C" not null,                 -- of starts_at
    end_id    text collate "C" not null,                 -- of the next day
    constraint count_days_pkey primary key (starts_at)
);

-- Task runs, by the time of their executions' ids.
create table sluice.task_run_counts (
    whole_day  boolean          not null,
    bucket     timestamptz      not null,
    namespace  text             not null,
    flow_id    text             not null,
    state      text             not null,
    task_runs  bigint           not null,
    seconds    double precision not null,                -- durations, summed; of what has no end: until the bucket's end
    shortest   double precision not null,
    longest    double precision not null,
    constraint task_run_counts_pkey primary key (whole_day, bucket, namespace, flow_id, state)
);
create index task_run_counts_flow_idx on sluice.task_run_counts (namespace, flow_id, bucket);
create index task_run_counts_state_idx on sluice.task_run_counts (state, bucket) where state <> 'SUCCESS';
