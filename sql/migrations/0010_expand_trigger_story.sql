-- 0010_expand_trigger_story.sql: who switched a trigger off, what it waited for, its next dates, and dates that came up again.

alter table sluice.triggers
    add column disabled_at timestamptz,
    add column disabled_by text,                         -- a user, a role, a task of an execution, stopAfter
    add column resumed     boolean not null default false,  -- switched on again: which of the dates since last_at still run?
    add column waited_for  text collate "C",             -- the execution that held it last,
    add column released_at timestamptz,                  -- and when that let it go
    add column upcoming    timestamptz[];                -- its next dates, for psql; more than twenty while it fires

alter table sluice.fires
    add column refused    integer not null default 0,    -- so often the date came up again, and started nothing
    add column refused_at timestamptz;

-- Schedules without a date: mostly none, and the reconciler looks each minute.
create index triggers_dateless_idx on sluice.triggers (namespace, flow_id, trigger_id)
    where next_at is null and not disabled and planned and error is null
        and type = 'io.kestra.plugin.core.trigger.Schedule';
