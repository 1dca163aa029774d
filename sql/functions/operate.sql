-- What people ask of executions, in SQL, by the same rules as the API (tests/conformance/operate asks both). Each puts the event
-- that the API puts; an executor does the rest. They run in the caller's own transaction: a rollback leaves nothing. Whoever may
-- call them (sluice.let_operate) needs no right on a table: they act as the owner of the schema, in the name of the session's role.

create or replace function sluice.check_start(flow sluice.flows) returns void
language plpgsql as $$
begin
    if flow.disabled then
        raise exception 'Requested Flow is disabled.' using errcode = 'object_not_in_prerequisite_state';
    end if;
    if sluice.partition_runway() < interval '1 day' then
        perform sluice.ensure_partitions();
    end if;
end $$;
comment on function sluice.check_start(sluice.flows) is 'For the functions below: whether executions of a flow may begin.';

create or replace function sluice.start_execution(namespace text, flow_id text, inputs jsonb default null,
    labels jsonb default '{}', scheduled_at timestamptz default null) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    flow sluice.flows;
    id text := sluice.new_id();
    wrong text;
begin
    select f.* into flow
    from sluice.flows f
    where f.namespace = start_execution.namespace and f.flow_id = start_execution.flow_id and f.latest and not f.deleted;
    if not found then
        raise exception 'Unable to find flow ''%''.''%'' with revision ''0''', namespace, flow_id using errcode = 'no_data_found';
    end if;
    perform sluice.check_start(flow);
    if jsonb_typeof(labels) is distinct from 'object' or jsonb_typeof(coalesce(inputs, '{}')) <> 'object' then
        raise exception 'inputs and labels are objects, for example {"name": "value"}' using errcode = 'invalid_parameter_value';
    end if;
    select l.key || '=' || l.value into wrong
    from jsonb_each_text(labels) l
    where l.key like 'system.%' and l.key <> 'system.correlationId'
    limit 1;
    if found then
        raise exception 'System labels can only be set by Kestra itself, offending label: %', wrong
            using errcode = 'invalid_parameter_value';
    end if;
    if labels ? '' then
        raise exception 'a label''s key must not be blank' using errcode = 'invalid_parameter_value';
    end if;
    insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, labels, inputs, schedule_date,
        progress)
    values (id, namespace, flow_id, flow.revision, 'CREATED', clock_timestamp(),
        (select coalesce(jsonb_object_agg(k, v), '{}') from jsonb_each(flow.labels) as l(k, v) where k not like 'system.%')
            || labels,
        inputs, scheduled_at, '{"checkInputs": true}');
    insert into sluice.recounts (prefix) select left(id, 6) where id < sluice.recount_below();  -- who waited for long, above
    insert into sluice.execution_events (execution_id, kind, payload)
    values (id, 'started', '{"checkInputs": true}');
    perform sluice.note('START', 'EXECUTION', start_execution.namespace, id, null, jsonb_build_object('flow', start_execution.flow_id));
    perform pg_notify('sluice_events', '');
    return id;
end $$;
comment on function sluice.start_execution(text, text, jsonb, jsonb, timestamptz) is
    'Starts an execution of the newest revision of a flow when the caller''s transaction commits. Returns its id. Inputs are checked when it begins: wrong ones let it fail.';

create or replace function sluice.put_event(execution_id text, kind text, payload jsonb default null,
    task_run_id text default null) returns void
language plpgsql as $$
declare
    namespace text;
begin
    select e.namespace into namespace from sluice.executions e where e.id = put_event.execution_id
    for key share;  -- a purge waits, or it was quicker
    if not found then
        raise exception 'execution % does not exist', execution_id using errcode = 'no_data_found';
    end if;
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    values (execution_id, kind, task_run_id, payload);
    perform sluice.note(upper(replace(kind, '_requested', '')), 'EXECUTION', namespace, execution_id);
    perform pg_notify('sluice_events', '');
end $$;
comment on function sluice.put_event(text, text, jsonb, text) is 'For the functions below: no rule is asked.';

create or replace function sluice.execution_to_change(execution_id text) returns sluice.executions
language plpgsql as $$
declare
    found_row sluice.executions;
begin
    select e.* into found_row
    from sluice.executions e
    where e.id = execution_to_change.execution_id
    for no key update;  -- whoever steps or purges it waits, or was quicker
    if not found then
        raise exception 'execution % does not exist', execution_id using errcode = 'no_data_found';
    end if;
    return found_row;
end $$;
comment on function sluice.execution_to_change(text) is 'For the functions below: locks an execution.';

create or replace function sluice.kill_execution(execution_id text, cascade boolean default true) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    e sluice.executions := sluice.execution_to_change(execution_id);
begin
    if sluice.is_over(e.state) and not cascade then
        raise exception 'Execution is already finished, can''t kill it' using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform sluice.put_event(e.id, 'kill_requested', jsonb_build_object('cascade', cascade, 'by', session_user));
end $$;
comment on function sluice.kill_execution(text, boolean) is
    'Kills an execution, and with cascade those that its tasks started.';

-- What can be told of an input without its expressions; null: nothing is wrong. In the words of the API.
create or replace function sluice.input_problem(input jsonb, value jsonb) returns text
language plpgsql immutable as $$
declare
    type text := input ->> 'type';
    shown text := value #>> '{}';
    choices jsonb := coalesce(input -> 'values', '[]');
begin
    if coalesce(value, 'null') = 'null' then
        return case when coalesce(input -> 'required', 'true') = 'true' and coalesce(input -> 'defaults', 'null') = 'null'
            and coalesce(input -> 'autoSelectFirst', 'false') <> 'true' then 'missing required input' end;
    end if;
    if type = 'INT' and shown !~ '^[+-]?[0-9]{1,10}$' or type = 'FLOAT' and shown !~ '^-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$' then
        return format('For input string: "%s"', shown);
    end if;
    if type in ('SELECT', 'ENUM') and jsonb_array_length(choices) > 0 and coalesce(input -> 'allowCustomValue', 'false') <> 'true'
        and coalesce(input -> 'required', 'true') = 'true' and not choices ? shown then
        return format('it must match the values `[%s]`',
                      (select string_agg(c, ', ') from jsonb_array_elements_text(choices) as c));
    end if;
    return null;
end $$;
comment on function sluice.input_problem(jsonb, jsonb) is 'For sluice.check_resume.';

create or replace function sluice.check_resume(execution sluice.executions, inputs jsonb) returns void
language plpgsql as $$
declare
    paused text;
    input jsonb;
    given jsonb;
    problem text;
begin
    if jsonb_typeof(coalesce(inputs, '{}')) <> 'object' then
        raise exception 'inputs are an object, for example {"name": "value"}' using errcode = 'invalid_parameter_value';
    end if;
    select r.task_id into paused
    from sluice.task_runs r
    where r.execution_id = execution.id and r.state = 'PAUSED'
    order by r.ordinal
    limit 1;
    for input in
        select i
        from sluice.flows f,
            jsonb_path_query(f.definition, 'strict $.** ? (@.id == $task && exists(@.onResume))', jsonb_build_object('task', paused)) as task,
            jsonb_array_elements(case jsonb_typeof(task -> 'onResume') when 'array' then task -> 'onResume' end) as i
        where f.namespace = execution.namespace and f.flow_id = execution.flow_id and f.revision = execution.flow_revision
    loop
        continue when input ? 'dependsOn';  -- whether it is asked for, an expression tells
        given := coalesce(inputs -> (input ->> 'id'), inputs #> string_to_array(input ->> 'id', '.'));
        problem := sluice.input_problem(input, given);
        if problem is not null then
            raise exception '%: Invalid input for `%`, %, but received `%`', input ->> 'id', input ->> 'id', problem,
                coalesce(given #>> '{}', 'null')
                using errcode = 'invalid_parameter_value',
                    hint = format('The task %s asks for it by onResume: sluice.resume_execution(''%s'', ''{"%s": …}'').',
                                  paused, execution.id, input ->> 'id');
        end if;
    end loop;
end $$;
comment on function sluice.check_resume(sluice.executions, jsonb) is 'For sluice.resume_execution: what can be told before it is resumed.';

create or replace function sluice.resume_execution(execution_id text, inputs jsonb default '{}') returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    e sluice.executions := sluice.execution_to_change(execution_id);
begin
    if e.state <> 'PAUSED' then
        raise exception 'The execution is not paused' using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform sluice.check_resume(e, inputs);
    perform sluice.put_event(e.id, 'resume_requested',
                             jsonb_build_object('inputs', coalesce(inputs, '{}'), 'by', session_user, 'checkInputs', true));
end $$;
comment on function sluice.resume_execution(text, jsonb) is
    'Resumes the first pause of an execution. What its onResume asks for is checked: what is missing or of another type is refused here; what only an expression can tell leaves it paused, with an error in its log.';

create or replace function sluice.restart_execution(execution_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    e sluice.executions := sluice.execution_to_change(execution_id);
begin
    if not sluice.is_over(e.state) and e.state <> 'PAUSED' then
        raise exception 'Execution must be terminated to be restarted, current state is ''%'' !', e.state
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    if not exists (select from sluice.task_runs r where r.execution_id = e.id and r.state in ('FAILED', 'PAUSED')) then
        raise exception 'No task found to restart execution from!' using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform sluice.put_event(e.id, 'restart_requested', jsonb_build_object('by', session_user));
end $$;
comment on function sluice.restart_execution(text) is 'Runs what failed in an execution again.';

create or replace function sluice.pause_execution(execution_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    e sluice.executions := sluice.execution_to_change(execution_id);
begin
    if e.state <> 'RUNNING' then
        raise exception 'The execution is not running' using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform sluice.put_event(e.id, 'pause_requested', jsonb_build_object('by', session_user));
end $$;
comment on function sluice.pause_execution(text) is 'Starts nothing new in an execution until it is resumed.';

create or replace function sluice.force_run(execution_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    e sluice.executions := sluice.execution_to_change(execution_id);
begin
    if sluice.is_over(e.state) then
        raise exception 'Only non terminated executions can be forced run.' using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform sluice.put_event(e.id, 'force_run_requested', jsonb_build_object('state', 'RUNNING', 'by', session_user));
end $$;
comment on function sluice.force_run(text) is 'Lets an execution go on, whatever holds it back: a concurrency limit, a schedule, a pause.';

create or replace function sluice.unqueue_execution(execution_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    e sluice.executions := sluice.execution_to_change(execution_id);
begin
    if e.state <> 'QUEUED' then
        raise exception 'the execution is not queued, but %', e.state using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform sluice.put_event(e.id, 'force_run_requested', jsonb_build_object('state', 'RUNNING', 'by', session_user));
end $$;
comment on function sluice.unqueue_execution(text) is 'Runs an execution that waits for a slot, in spite of its flow''s concurrency limit.';

create or replace function sluice.merged_labels(present jsonb, wanted jsonb, replace boolean) returns jsonb
language plpgsql immutable as $$
declare
    wrong text;
begin
    if jsonb_typeof(wanted) is distinct from 'object' then
        raise exception 'labels are an object, for example {"team": "data"}' using errcode = 'invalid_parameter_value';
    end if;
    if exists (select from jsonb_each_text(wanted) l where (l.key = '') <> (coalesce(l.value, '') = '')) then
        raise exception 'a label needs a key and a value' using errcode = 'invalid_parameter_value';
    end if;
    select l.key || '=' || l.value into wrong
    from jsonb_each_text(wanted) l
    where l.key like 'system.%' and (present ->> l.key) is distinct from l.value
    limit 1;
    if found then
        raise exception 'System labels can only be set by the system, offending label: %', wrong
            using errcode = 'invalid_parameter_value';
    end if;
    return coalesce((select jsonb_object_agg(l.key, l.value) from jsonb_each_text(wanted) l where l.key <> ''), '{}')
        || coalesce((select jsonb_object_agg(l.key, l.value) from jsonb_each_text(present) l
                     where not wanted ? l.key and (not replace or l.key like 'system.%')), '{}');
end $$;
comment on function sluice.merged_labels(jsonb, jsonb, boolean) is 'For sluice.set_labels.';

create or replace function sluice.set_labels(execution_id text, labels jsonb, replace boolean default false) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    e sluice.executions := sluice.execution_to_change(execution_id);
begin
    if not sluice.is_over(e.state) then
        raise exception 'The execution is not terminated: its labels can be set when it is over'
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    update sluice.executions x
    set labels = sluice.merged_labels(e.labels, set_labels.labels, replace), version = x.version + 1
    where x.id = e.id;
    insert into sluice.recounts (prefix) select left(e.id, 6) where e.id < sluice.recount_below();
    perform sluice.note('LABELS', 'EXECUTION', e.namespace, e.id);
    perform pg_notify('sluice_changes', e.id);
end $$;
comment on function sluice.set_labels(text, jsonb, boolean) is
    'Sets labels of an execution that is over, for example {"team": "data"}; replace: the others go, but not those of the system.';

create or replace function sluice.replay_execution(execution_id text, task_run_id text default null, revision bigint default null,
    inputs jsonb default null) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    e sluice.executions := sluice.execution_to_change(execution_id);
    flow sluice.flows;
    new_id text := sluice.new_id();
begin
    select f.* into flow
    from sluice.flows f
    where f.namespace = e.namespace and f.flow_id = e.flow_id and f.revision = coalesce(replay_execution.revision, e.flow_revision);
    if not found then
        raise exception 'Unable to find flow ''%''.''%'' with revision ''%''', e.namespace, e.flow_id,
            coalesce(revision, e.flow_revision) using errcode = 'no_data_found';
    end if;
    perform sluice.check_start(flow);
    if jsonb_typeof(coalesce(inputs, '{}')) <> 'object' then
        raise exception 'inputs are an object, for example {"name": "value"}' using errcode = 'invalid_parameter_value';
    end if;
    if task_run_id is not null then
        if not exists (select from sluice.task_runs r where r.execution_id = e.id and r.id = replay_execution.task_run_id) then
            raise exception 'the execution has no task run %', task_run_id using errcode = 'no_data_found';
        end if;
        perform sluice.start_operation('executions', 'replay', array[e.id], jsonb_strip_nulls(jsonb_build_object(
            'taskRunId', task_run_id, 'executionId', new_id, 'revision', replay_execution.revision, 'inputs', inputs)));
        return new_id;
    end if;
    insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, kind, labels, inputs, trigger,
        parent_id, original_id, progress)
    values (new_id, e.namespace, e.flow_id, flow.revision, 'CREATED', clock_timestamp(), e.kind,
        jsonb_build_object('system.correlationId', e.id) || e.labels || '{"system.replay": "true"}',
        case when inputs is null then e.inputs else coalesce(e.inputs, '{}') || inputs end, e.trigger, e.id,
        coalesce(e.original_id, e.id), case when inputs is not null then '{"checkInputs": true}'::jsonb end);
    insert into sluice.recounts (prefix) select left(new_id, 6) where new_id < sluice.recount_below();
    insert into sluice.execution_events (execution_id, kind, payload)
    values (new_id, 'started', case when inputs is not null then '{"checkInputs": true}'::jsonb end);
    perform sluice.note('REPLAY', 'EXECUTION', e.namespace, e.id);
    perform pg_notify('sluice_events', '');
    return new_id;
end $$;
comment on function sluice.replay_execution(text, text, bigint, jsonb) is
    'Runs an execution again as a new one, whose id it returns; inputs: over those that it had. From a task run on, the copy is made by a web server a moment later (sluice.operation_overview).';

create or replace function sluice.switch_flow(namespace text, flow_id text, action text) returns text
language plpgsql as $$
begin
    if not exists (select from sluice.flows f where f.namespace = switch_flow.namespace and f.flow_id = switch_flow.flow_id
                       and f.latest and not f.deleted) then
        raise exception 'flow %.% does not exist', namespace, flow_id using errcode = 'no_data_found';
    end if;
    return sluice.start_operation('flows', action, array[namespace || '/' || flow_id]);
end $$;
comment on function sluice.switch_flow(text, text, text) is 'For the functions below.';

create or replace function sluice.disable_flow(namespace text, flow_id text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
    select sluice.switch_flow(namespace, flow_id, 'disable')
$$;
comment on function sluice.disable_flow(text, text) is
    'Switches a flow off: nothing of it begins, what runs goes on. A web server writes the new revision; returns its operation (sluice.operation_overview).';

create or replace function sluice.enable_flow(namespace text, flow_id text) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
    select sluice.switch_flow(namespace, flow_id, 'enable')
$$;
comment on function sluice.enable_flow(text, text) is 'Switches a flow on again, as sluice.disable_flow does.';

create or replace function sluice.no_parked(parked_id bigint) returns void
language plpgsql as $$
begin
    raise exception 'parked event % does not exist', coalesce(parked_id::text, 'null')
        using errcode = 'no_data_found', hint = 'select * from sluice.parked() lists them.';
end $$;
comment on function sluice.no_parked(bigint) is 'For the functions below.';

create or replace function sluice.retry_parked(parked_id bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    event jsonb;
    new_seq bigint;
begin
    delete from sluice.parked_events p where p.id = parked_id and p.queue = 'execution_events' returning p.content into event;
    if not found then
        perform sluice.no_parked(parked_id);
    end if;
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    values (event ->> 'execution_id', event ->> 'kind', event ->> 'task_run_id', nullif(event -> 'payload', 'null'))
    returning seq into new_seq;
    perform pg_notify('sluice_events', '');
    perform sluice.note('RETRY', 'PARKED_EVENT', (select e.namespace from sluice.executions e where e.id = event ->> 'execution_id'),
                        parked_id::text);
    return new_seq;
end $$;
comment on function sluice.retry_parked(bigint) is 'Puts a parked event back into its queue; returns its number there.';

create or replace function sluice.drop_parked(parked_id bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    gone sluice.parked_events;
begin
    delete from sluice.parked_events where id = parked_id returning * into gone;
    if not found then
        perform sluice.no_parked(parked_id);
    end if;
    perform sluice.note('DROP', 'PARKED_EVENT', (select e.namespace from sluice.executions e where e.id = gone.execution_id),
                        gone.id::text, to_jsonb(gone) - 'id');
    return true;
end $$;
comment on function sluice.drop_parked(bigint) is 'Throws a parked event away: its execution goes on without it.';

create or replace function sluice.parked() returns table (id bigint, execution_id text, namespace text, flow_id text,
    kind text, task_run_id text, error text, parked_at timestamptz)
language sql stable as $$
    select p.id, p.execution_id, e.namespace, e.flow_id, p.content ->> 'kind', p.content ->> 'task_run_id', p.error, p.parked_at
    from sluice.parked_events p
    left join sluice.executions e on e.id = p.execution_id
    order by p.id
$$;
comment on function sluice.parked() is
    'Events that failed too often and were put aside: sluice.retry_parked(id) puts one back, sluice.drop_parked(id) throws it away.';
