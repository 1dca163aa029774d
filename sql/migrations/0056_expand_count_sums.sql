-- 0056_expand_count_sums.sql: what boards and charts add up of the counts in each bucket, added up before. What was counted by
-- now is summed within minutes, some buckets at a time; until then it is added up by whoever asks.

-- Task runs over all flows, as execution_totals has executions.
create table sluice.task_run_totals (
    whole_day boolean          not null,
    bucket    timestamptz      not null,
    within    text             not null,                 -- a namespace, with all below it; '': of everything
    state     text             not null,
    task_runs bigint           not null,
    seconds   double precision not null,                 -- durations, summed; of what has no end: until the bucket's end
    shortest  double precision not null,
    longest   double precision not null,
    constraint task_run_totals_pkey primary key (whole_day, bucket, within, state)
);

-- Executions of a flow over all states, a narrow row: a board reads one for each flow and bucket.
create table sluice.flow_sums (
    whole_day  boolean          not null,
    bucket     timestamptz      not null,
    namespace  text             not null,
    flow_id    text             not null,
    executions bigint           not null,
    failed     bigint           not null,                -- FAILED, KILLED, RETRIED
    ended_well bigint           not null,                -- SUCCESS, WARNING
    seconds    double precision not null,                -- that those took
    constraint flow_sums_pkey primary key (whole_day, bucket, namespace, flow_id)
);

-- False of what a server of before counts.
alter table sluice.execution_buckets add column has_sums boolean not null default false;
alter table sluice.count_days add column has_sums boolean not null default false;
