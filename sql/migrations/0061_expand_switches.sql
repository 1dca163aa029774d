-- 0061_expand_switches.sql: maintenance mode, kill switches, announcements. Old servers do not see them: update all before
-- you rely on them.

create table sluice.maintenance (
    maintenance_id bigint      not null generated always as identity,
    reason         text        not null,
    entered_by     text        not null,
    entered_at     timestamptz not null default now(),
    left_at        timestamptz,                          -- null: it is on
    constraint maintenance_pkey primary key (maintenance_id)
);
create unique index maintenance_is_on_once on sluice.maintenance ((true)) where left_at is null;

create table sluice.kill_switches (
    kill_switch_id bigint      not null generated always as identity,
    namespace      text        not null,                 -- with those below it, unless a flow is named
    flow_id        text        not null default '',      -- '': all
    execution_id   text        collate "C" not null default '',  -- '': all
    reason         text        not null,
    created_by     text        not null,
    created_at     timestamptz not null default now(),
    constraint kill_switches_pkey primary key (kill_switch_id),
    constraint kill_switches_key unique (namespace, flow_id, execution_id),
    constraint kill_switches_of_an_execution_name_its_flow check (execution_id = '' or flow_id <> '')
);

create table sluice.announcements (
    announcement_id bigint      not null generated always as identity,
    message         text        not null,
    level           text        not null default 'INFO',
    starts_at       timestamptz not null default now(),
    ends_at         timestamptz,                         -- null: until somebody deletes it
    created_by      text        not null,
    created_at      timestamptz not null default now(),
    constraint announcements_pkey primary key (announcement_id),
    constraint announcements_level_is_known check (level in ('INFO', 'WARNING', 'ERROR')),
    constraint announcements_end_after_their_start check (ends_at > starts_at),
    constraint announcements_have_a_message check (length(message) between 1 and 2000)
);

create trigger maintenance_audit after insert or update on sluice.maintenance for each row
    execute function sluice.note_change('MAINTENANCE', 'maintenance_id', 'entered_by,entered_at,maintenance_id');
create trigger kill_switches_audit after insert or update or delete on sluice.kill_switches for each row
    execute function sluice.note_change('KILL_SWITCH', 'namespace,flow_id,execution_id', 'created_by,created_at');
create trigger announcements_audit after insert or update or delete on sluice.announcements for each row
    execute function sluice.note_change('ANNOUNCEMENT', 'announcement_id', 'created_by,created_at');
