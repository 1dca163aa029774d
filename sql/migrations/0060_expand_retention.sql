-- 0060_expand_retention.sql: how long executions are kept, and whose files are still to be removed. Old servers keep all.

create table sluice.retention_rules (
    namespace  text        not null default '',          -- with those below it; '': all
    state      text        not null default '',          -- in which they ended; '': any
    keep       interval,                                 -- after their end; null: for ever, whatever anybody purges
    updated_at timestamptz not null default now(),
    constraint retention_rules_pkey primary key (namespace, state),
    constraint retention_rules_state_is_terminal check (state in ('', 'SUCCESS', 'WARNING', 'FAILED', 'KILLED',
        'CANCELLED', 'RETRIED')),
    constraint retention_rules_keep_is_positive check (keep > interval '0')
);

-- Written in the transaction that takes their rows away.
create table sluice.purged_executions (
    execution_id text collate "C" not null,
    namespace    text        not null,
    flow_id      text        not null,
    constraint purged_executions_pkey primary key (execution_id)
);

-- The sweep that takes them: whoever locks the row does the next piece.
create table sluice.retention_sweep (
    only_row   boolean     not null default true,
    begun_at   timestamptz not null default '-infinity',
    reached    text        collate "C" not null default '',  -- the last id that was looked at; '': the sweep is over
    executions bigint      not null default 0,           -- that were purged so far, ever
    purged_at  timestamptz,                              -- when the last one was
    constraint retention_sweep_pkey primary key (only_row),
    constraint retention_sweep_has_one_row check (only_row)
);
insert into sluice.retention_sweep default values;

create trigger retention_rules_audit after insert or update or delete on sluice.retention_rules for each row
    execute function sluice.note_change('RETENTION', 'namespace,state', 'updated_at');
