-- 0003_expand_task_cache.sql: outputs of tasks that need not run again while nothing changed.

create table sluice.task_cache (
    key        text        not null,                     -- SHA-256 of the flow, the task, its value and its properties
    outputs    jsonb,
    created_at timestamptz not null default now(),
    expires_at timestamptz,                              -- null: for ever
    constraint task_cache_pkey primary key (key)
);

create index task_cache_expires_at_idx on sluice.task_cache (expires_at) where expires_at is not null;
