-- 0002_expand_trigger_windows.sql: what Flow triggers with preconditions have seen so far.

create table sluice.trigger_windows (
    namespace        text        not null,
    flow_id          text        not null,
    preconditions_id text        not null,               -- triggers of a flow that use the same id share a window
    state            jsonb,                              -- {start, end, results}; null: nothing yet
    ends_at          timestamptz,                        -- then it counts no more, and the row goes
    updated_at       timestamptz not null default now(),
    constraint trigger_windows_pkey primary key (namespace, flow_id, preconditions_id)
) with (fillfactor = 70);

-- Every change of an execution's state asks which triggers listen. Mostly none do, and this answers it.
create index triggers_listening_idx on sluice.triggers (namespace, flow_id, trigger_id)
    where type = 'io.kestra.plugin.core.trigger.Flow' and not disabled;
