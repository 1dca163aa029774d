-- 0001_expand_first.sql: the whole of the first schema.
--
-- Ids of executions are 22 characters of base62 that sort by time in the "C" collation (a UUIDv7). The history tables
-- are partitioned by that id, a week each, so that a look-up by id visits one partition and retention drops whole ones.
-- Queue tables are small and hot: each has its own vacuum settings, and nothing of them is ever updated in place.

-- ---------------------------------------------------------------------------------------------- definitions

create table sluice.namespaces (
    namespace       text        not null,
    description     text,
    variables       jsonb       not null default '{}',
    plugin_defaults jsonb       not null default '[]',
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint namespaces_pkey primary key (namespace)
);

create table sluice.flows (
    namespace   text        not null,
    flow_id     text        not null,
    revision    bigint      not null,
    source      text        not null,                    -- byte for byte what the user wrote
    definition  jsonb       not null,                    -- the same, parsed; '{}' when it no longer parses
    disabled    boolean     not null default false,
    deleted     boolean     not null default false,      -- a deletion is a revision too
    latest      boolean     not null default true,       -- exactly one revision of a flow
    labels      jsonb       not null default '{}',
    problem     text,                                    -- why it can't be parsed any more
    created_at  timestamptz not null default now(),
    created_by  text,
    constraint flows_pkey primary key (namespace, flow_id, revision),
    constraint flows_revision_is_positive check (revision >= 1)
);
create unique index flows_latest_key on sluice.flows (namespace, flow_id) where latest;

create table sluice.kv (
    namespace   text        not null,
    key         text        not null,
    kind        text        not null,
    value       jsonb       not null,
    description text,
    version     bigint      not null default 1,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    expires_at  timestamptz,
    constraint kv_pkey primary key (namespace, key),
    constraint kv_kind_is_known check (kind in ('STRING', 'NUMBER', 'BOOLEAN', 'DATETIME', 'DATE', 'DURATION', 'JSON'))
);
create index kv_expires_at_idx on sluice.kv (expires_at) where expires_at is not null;

create table sluice.settings (
    name       text        not null,
    value      jsonb       not null,
    updated_at timestamptz not null default now(),
    constraint settings_pkey primary key (name)
);

create table sluice.users (
    username      text        not null,
    password_hash text        not null,                  -- scrypt, with its salt and costs in it
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    constraint users_pkey primary key (username)
);

create table sluice.sessions (
    token_hash text        not null,                     -- SHA-256 of the cookie: the table alone opens nothing
    username   text        not null constraint sessions_username_fkey references sluice.users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    constraint sessions_pkey primary key (token_hash)
);

-- -------------------------------------------------------------------------------------------------- history

create table sluice.executions (
    id                 text collate "C" not null,
    namespace          text        not null,
    flow_id            text        not null,
    flow_revision      bigint      not null,
    state              text        not null,
    version            bigint      not null default 1,   -- grows with each step
    created_at         timestamptz not null,
    started_at         timestamptz,                      -- first RUNNING
    ended_at           timestamptz,                      -- end of the last terminal or PAUSED state
    kind               text,                             -- null: NORMAL
    labels             jsonb       not null default '{}',-- without system.correlationId when that is the own id
    inputs             jsonb,
    outputs            jsonb,
    variables          jsonb,                            -- what SetVariables set
    trigger            jsonb,                            -- {id, type, variables}
    parent_id          text collate "C",                 -- replayed or retried from
    original_id        text collate "C",                 -- first of that chain; null: this one
    caller_id          text collate "C",                 -- execution whose task started this one
    caller_task_run_id text collate "C",                 -- ... and the task run that waits for it, if it waits
    attempt            integer     not null default 1,
    schedule_date      timestamptz,
    progress           jsonb,                            -- the engine's counters at the root
    history            text,                             -- states and times, where the columns above can't tell
    constraint executions_pkey primary key (id),
    constraint executions_state_is_known check (state in ('CREATED', 'RUNNING', 'PAUSED', 'RESTARTED', 'KILLING',
        'SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'QUEUED', 'RETRYING', 'RETRIED', 'BREAKPOINT')),
    constraint executions_end_is_terminal check ((ended_at is not null)
        = (state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'PAUSED')))
) partition by range (id);
create index executions_flow_idx on sluice.executions (namespace, flow_id, id);
create index executions_caller_idx on sluice.executions (caller_id) where caller_id is not null;

create table sluice.task_runs (
    execution_id text collate "C" not null,
    id           text collate "C" not null,
    ordinal      integer     not null,                   -- order of creation within the execution
    namespace    text        not null,
    flow_id      text        not null,
    task_id      text        not null,
    parent_id    text collate "C",
    value        text,                                   -- the ForEach value, on direct children
    parent_values text[],                                -- values of the ancestors, outermost first
    iteration    integer,
    state        text        not null,
    created_at   timestamptz not null,
    started_at   timestamptz,
    ended_at     timestamptz,
    worker_id    text,
    epoch        bigint      not null default 0,         -- fencing token of its latest job
    attempts     jsonb,                                  -- null: as many as the state says, without a worker
    outputs      jsonb,
    progress     jsonb,                                  -- counters of its children, of a flowable task
    history      text,
    constraint task_runs_pkey primary key (execution_id, id),
    constraint task_runs_state_is_known check (state in ('CREATED', 'RUNNING', 'PAUSED', 'RESTARTED', 'KILLING',
        'SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRYING', 'RETRIED', 'SKIPPED', 'BREAKPOINT'))
) partition by range (execution_id);

create table sluice.loop_values (
    execution_id text collate "C" not null,
    task_run_id  text collate "C" not null,
    chunk        integer     not null,                   -- of 100 values each
    items        jsonb       not null,
    constraint loop_values_pkey primary key (execution_id, task_run_id, chunk)
) partition by range (execution_id);

create sequence sluice.logs_seq;
create table sluice.logs (
    execution_id text collate "C" not null,              -- of a trigger's own line: an id of its time
    seq          bigint      not null default nextval('sluice.logs_seq'),
    at           timestamptz not null,
    level        smallint    not null,                   -- 0 TRACE, 1 DEBUG, 2 INFO, 3 WARN, 4 ERROR
    namespace    text        not null,
    flow_id      text        not null,
    task_id      text,
    task_run_id  text collate "C",
    attempt      smallint,
    trigger_id   text,
    message      text        not null,
    constraint logs_pkey primary key (execution_id, seq),
    constraint logs_level_is_known check (level between 0 and 4)
) partition by range (execution_id);
-- Lines are written about in the order of their time: this tells which pages are new, and costs next to nothing.
create index logs_at_idx on sluice.logs using brin (at) with (pages_per_range = 32, autosummarize = on);

create sequence sluice.metrics_seq;
create table sluice.metrics (
    execution_id text collate "C" not null,
    seq          bigint      not null default nextval('sluice.metrics_seq'),
    at           timestamptz not null,
    namespace    text        not null,
    flow_id      text        not null,
    task_id      text        not null,
    task_run_id  text collate "C" not null,
    name         text        not null,
    kind         text        not null,
    value        double precision not null,              -- a timer's in seconds
    tags         jsonb,
    constraint metrics_pkey primary key (execution_id, seq),
    constraint metrics_kind_is_known check (kind in ('counter', 'timer', 'gauge'))
) partition by range (execution_id);

-- --------------------------------------------------------------------------------------------------- queues

create table sluice.execution_events (
    seq          bigint      not null generated always as identity,
    execution_id text collate "C" not null,
    kind         text        not null,
    task_run_id  text collate "C",
    payload      jsonb,
    failures     integer     not null default 0,         -- transactions that it made fail
    created_at   timestamptz not null default now(),
    constraint execution_events_pkey primary key (seq)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_vacuum_insert_scale_factor = 0.0, autovacuum_vacuum_insert_threshold = 100000,
        autovacuum_analyze_scale_factor = 0.0, autovacuum_analyze_threshold = 50000);

create table sluice.jobs (
    seq          bigint      not null generated always as identity,
    worker_group text        not null default '',
    execution_id text collate "C" not null,
    task_run_id  text collate "C" not null,
    epoch        bigint      not null,
    payload      jsonb       not null,
    created_at   timestamptz not null default now(),
    constraint jobs_pkey primary key (worker_group, seq),
    constraint jobs_task_run_key unique (task_run_id)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_vacuum_insert_scale_factor = 0.0, autovacuum_vacuum_insert_threshold = 100000,
        autovacuum_analyze_scale_factor = 0.0, autovacuum_analyze_threshold = 50000);

create table sluice.claims (
    task_run_id  text collate "C" not null,
    execution_id text collate "C" not null,
    epoch        bigint      not null,
    service_id   text collate "C" not null,
    worker_group text        not null,
    claimed_at   timestamptz not null default now(),
    cancelled    boolean     not null default false,     -- the worker is to kill it
    payload      jsonb       not null,
    constraint claims_pkey primary key (task_run_id)
) with (fillfactor = 80,
        autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_vacuum_insert_scale_factor = 0.0, autovacuum_vacuum_insert_threshold = 100000,
        autovacuum_analyze_scale_factor = 0.0, autovacuum_analyze_threshold = 50000);
create index claims_service_idx on sluice.claims (service_id);
create index claims_execution_idx on sluice.claims (execution_id);

create table sluice.timers (
    seq          bigint      not null generated always as identity,
    due_at       timestamptz not null,
    execution_id text collate "C" not null,
    task_run_id  text collate "C",
    kind         text        not null,
    payload      jsonb,
    constraint timers_pkey primary key (seq)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
create index timers_due_at_idx on sluice.timers (due_at);
create index timers_execution_idx on sluice.timers (execution_id);

create table sluice.concurrency_slots (
    namespace    text        not null,
    flow_id      text        not null,
    execution_id text collate "C" not null,              -- the owner
    taken_at     timestamptz not null default now(),
    constraint concurrency_slots_pkey primary key (namespace, flow_id, execution_id),
    constraint concurrency_slots_execution_key unique (execution_id)
);

create table sluice.queued_executions (
    seq          bigint      not null generated always as identity,
    namespace    text        not null,
    flow_id      text        not null,
    execution_id text collate "C" not null,
    queued_at    timestamptz not null default now(),
    constraint queued_executions_pkey primary key (namespace, flow_id, seq),
    constraint queued_executions_execution_key unique (execution_id)
);

create table sluice.parked_events (
    id           bigint      not null generated always as identity,
    queue        text        not null,
    execution_id text collate "C",
    content      jsonb       not null,                   -- the row as it was
    error        text        not null,
    parked_at    timestamptz not null default now(),
    constraint parked_events_pkey primary key (id)
);
create index parked_events_execution_idx on sluice.parked_events (execution_id);

-- -------------------------------------------------------------------------------------------------- cluster

create table sluice.services (
    service_id   text collate "C" not null,
    roles        text[]      not null,
    state        text        not null,
    host         text        not null,
    pid          integer     not null,
    version      text        not null,
    worker_group text        not null default '',
    slots        integer     not null default 0,         -- tasks it runs at once
    connections  integer     not null default 0,         -- at most, by its own configuration
    started_at   timestamptz not null default now(),
    heartbeat_at timestamptz not null default now(),
    lease_until  timestamptz not null,                   -- silence after this: its work goes to others
    ended_at     timestamptz,
    details      jsonb       not null default '{}',
    constraint services_pkey primary key (service_id),
    constraint services_state_is_known check (state in ('RUNNING', 'DRAINING', 'STOPPED', 'DEAD'))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 200);

create table sluice.leadership (
    role       text        not null,
    service_id text collate "C" not null,
    epoch      bigint      not null,                     -- grows with each change; stands in every write of the leader
    since      timestamptz not null default now(),
    constraint leadership_pkey primary key (role)
);

create table sluice.refused_results (
    id           bigint      not null generated always as identity,
    task_run_id  text collate "C" not null,
    execution_id text collate "C" not null,
    epoch        bigint      not null,                   -- of the claim that the sender had lost
    service_id   text collate "C" not null,
    state        text        not null,
    refused_at   timestamptz not null default now(),
    constraint refused_results_pkey primary key (id)
);

create table sluice.triggers (
    namespace     text        not null,
    flow_id       text        not null,
    trigger_id    text        not null,
    flow_revision bigint      not null,
    type          text        not null,
    definition    text        not null,                  -- checksum of its YAML: has it changed?
    planned       boolean     not null default false,    -- next_at was computed for this definition
    next_at       timestamptz,                           -- null: nothing more to fire
    last_at       timestamptz,                           -- the last scheduled date that was dealt with
    execution_id  text collate "C",                      -- runs, and must end before the next one may start
    evaluating_at timestamptz,                           -- a poll is under way since
    worker_id     text collate "C",
    disabled      boolean     not null default false,
    backfill      jsonb,
    error         text,                                  -- of the last evaluation
    updated_at    timestamptz not null default now(),
    constraint triggers_pkey primary key (namespace, flow_id, trigger_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index triggers_next_at_idx on sluice.triggers (next_at) where next_at is not null and not disabled;
create index triggers_unplanned_idx on sluice.triggers (namespace, flow_id, trigger_id) where not planned;
create index triggers_execution_idx on sluice.triggers (execution_id) where execution_id is not null;

create table sluice.fires (
    namespace    text        not null,
    flow_id      text        not null,
    trigger_id   text        not null,
    run          text        not null default '',        -- of a backfill: its name
    scheduled_at timestamptz not null,
    fate         text        not null,
    reason       text,
    execution_id text collate "C",
    epoch        bigint      not null,                   -- of the leader that decided
    decided_at   timestamptz not null default now(),
    constraint fires_pkey primary key (namespace, flow_id, trigger_id, run, scheduled_at),
    constraint fires_fate_is_known check (fate in ('FIRED', 'SKIPPED', 'OVERLAPPED', 'MISSED', 'RECOVERED', 'FAILED'))
);
create index fires_decided_at_idx on sluice.fires (decided_at);
