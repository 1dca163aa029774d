-- 0070_expand_dashboards.sql: boards that people describe in YAML.

create table sluice.dashboards (
    dashboard_id text        not null,
    source       text        not null,                 -- as it was written
    definition   jsonb       not null,                 -- the same as plain values
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint dashboards_pkey primary key (dashboard_id)
);

create trigger dashboards_audit after insert or update or delete on sluice.dashboards for each row
    execute function sluice.note_change('DASHBOARD', 'dashboard_id', 'definition,created_at,updated_at');
