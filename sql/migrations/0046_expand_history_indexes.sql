-- 0046_expand_history_indexes.sql: indexes for what lists are filtered by.
--
-- On the parents only, so that nobody waits: partitions to come get theirs when they are attached, those that are there
-- get theirs one by one, concurrently, at the end of `sluice migrate` (sluice.missing_history_indexes).
-- None has a column in it that changes when an execution or a task run goes on: those updates must stay out of the indexes.

-- What a filter can ask of inputs: the entries at the top, as text. An index is made of it: it must never change.
create function sluice.entries_of(map jsonb) returns text[]
language sql immutable strict parallel safe as $$
    select array_agg(e.key || '=' || e.value)
    from jsonb_each_text(case when jsonb_typeof(map) = 'object' then map end) as e
    where length(e.value) <= 200
$$;
comment on function sluice.entries_of(jsonb) is 'The entries of a JSON object, as "key=value", as far as they are short.';

-- jsonb_path_ops: one entry for each label, not one for its name and one for its value.
create index executions_labels_idx on only sluice.executions using gin (labels jsonb_path_ops)
    with (gin_pending_list_limit = 512) where labels <> '{}';
create index executions_inputs_idx on only sluice.executions using gin (sluice.entries_of(inputs))
    with (gin_pending_list_limit = 512) where inputs is not null;
-- Of other kinds than NORMAL, and of executions that a flow trigger made, there are few.
create index executions_kind_idx on only sluice.executions (kind, id) where kind is not null;
create index executions_triggering_idx on only sluice.executions ((trigger -> 'variables' ->> 'executionId'))
    where trigger -> 'variables' ->> 'executionId' is not null;

-- What went wrong is a small part of all lines.
create index logs_errors_idx on only sluice.logs (at, seq) where level = 4;
create index logs_warnings_idx on only sluice.logs (at, seq) where level >= 3;
create index logs_trigger_idx on only sluice.logs (namespace, flow_id, at) where trigger_id is not null;
