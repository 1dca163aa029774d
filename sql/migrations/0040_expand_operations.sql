-- 0040_expand_operations.sql: acts on many executions, flows or triggers, done piece by piece by web servers.

create table sluice.operations (
    operation_id text collate "C" not null,
    resource     text not null,
    action       text not null,
    options      jsonb not null default '{}',
    filters      jsonb,                  -- executions by query: the newest first, those below `position`
    members      text[],                 -- or exactly these, from the one after done + failed
    position     text collate "C",
    state        text not null default 'CREATED',
    total        bigint not null,        -- of a query: as it was when somebody asked for it
    done         bigint not null default 0,
    failed       bigint not null default 0,
    within       text[],                 -- only members of these namespaces and those below; null: of any
    created_by   text not null,          -- a user, or "role <name>" of who asked in SQL
    via          text not null,          -- PAGE, API, SQL: as the audit tells it
    remote       text,
    created_at   timestamptz not null default now(),
    turn_at      timestamptz,            -- its last piece was done
    ended_at     timestamptz,
    error        text,
    constraint operations_pkey primary key (operation_id),
    constraint operations_resource_is_known check (resource in ('executions', 'flows', 'triggers')),
    constraint operations_state_is_known check (state in ('CREATED', 'RUNNING', 'DONE', 'CANCELLED', 'FAILED')),
    constraint operations_reach_somewhere check (cardinality(within) > 0),
    constraint operations_via_is_known check (via in ('PAGE', 'API', 'SQL')),
    constraint operations_end_is_terminal check ((ended_at is null) = (state in ('CREATED', 'RUNNING'))),
    constraint operations_have_one_target check ((filters is null) <> (members is null))
);
-- Mostly none is open, and each web server looks once a second.
create index operations_open_idx on sluice.operations (turn_at nulls first, operation_id) where ended_at is null;

create table sluice.operation_failures (
    operation_id text collate "C" not null,
    seq          bigint generated always as identity,
    member       text not null,
    reason       text not null,
    constraint operation_failures_pkey primary key (operation_id, seq),
    constraint operation_failures_operation_fkey foreign key (operation_id) references sluice.operations on delete cascade
);
