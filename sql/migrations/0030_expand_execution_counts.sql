-- 0030_expand_execution_counts.sql: executions by time, flow and state, so that boards need not read executions.
--
-- A bucket is a span of ids whose executions were counted. What changes in it afterwards leaves a mark in recounts, in the
-- same transaction: a bucket with a mark is not believed, and counted again. See "Counts" in sql/README.md.

create table sluice.execution_buckets (
    starts_at timestamptz not null,
    ends_at   timestamptz not null,
    lowest_id text collate "C" not null,                 -- of starts_at
    end_id    text collate "C" not null,                 -- of ends_at
    constraint execution_buckets_pkey primary key (starts_at),
    constraint execution_buckets_are_spans check (starts_at < ends_at)
);
create unique index execution_buckets_lowest_id_key on sluice.execution_buckets (lowest_id);

create table sluice.execution_counts (
    bucket     timestamptz      not null,                -- its beginning
    namespace  text             not null,
    flow_id    text             not null,
    state      text             not null,
    executions bigint           not null,
    seconds    double precision not null,                -- durations, summed; of what has no end: until the bucket's end
    shortest   double precision not null,
    longest    double precision not null,
    bins       smallint[],                               -- durations of what is over, as sluice.duration_bin has them
    in_bins    bigint[],                                 -- how many in each of these bins
    constraint execution_counts_pkey primary key (bucket, namespace, flow_id, state)
);
create index execution_counts_flow_idx on sluice.execution_counts (namespace, flow_id, bucket);
-- Where are those that run, wait or failed? Most rows are of executions that ended well, and not in here.
create index execution_counts_state_idx on sluice.execution_counts (state, bucket) where state <> 'SUCCESS';

-- The same over all flows: a home page of a month reads some thousand rows, however many flows there are.
create table sluice.execution_totals (
    bucket     timestamptz      not null,
    state      text             not null,
    executions bigint           not null,
    seconds    double precision not null,
    shortest   double precision not null,
    longest    double precision not null,
    bins       smallint[],
    in_bins    bigint[],
    constraint execution_totals_pkey primary key (bucket, state)
);

-- Nobody updates it, and there is no unique key that writers could wait for.
create table sluice.recounts (
    prefix text collate "C" not null                     -- the first six characters of ids that changed: some 39 seconds
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
create index recounts_prefix_idx on sluice.recounts (prefix);

create table sluice.count_progress (
    name          text        not null,
    counted_from  timestamptz,                           -- buckets lie between these two, without a gap
    counted_until timestamptz,
    safe_until    timestamptz,                           -- what changes before this leaves a mark
    next_until    timestamptz,                           -- … and before this, once all transactions up to
    next_xid      xid8,                                  -- this one are over
    constraint count_progress_pkey primary key (name)
);
insert into sluice.count_progress (name) values ('executions');

-- Evaluations that fail, and triggers that switched themselves off: mostly none, and the home page asks every few seconds.
create index triggers_troubled_idx on sluice.triggers (namespace, flow_id, trigger_id)
    where error is not null or disabled_by like 'stopAfter:%';
