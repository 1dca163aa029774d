-- What people ask of executions, in SQL. Each puts the event that the API puts; an executor does the rest. They run in
-- the caller's own transaction: a rollback leaves nothing.

create or replace function sluice.start_execution(namespace text, flow_id text, inputs jsonb default null,
    labels jsonb default '{}', scheduled_at timestamptz default null) returns text
language plpgsql as $$
declare
    flow sluice.flows;
    id text := sluice.new_id();
begin
    select f.* into flow
    from sluice.flows f
    where f.namespace = start_execution.namespace and f.flow_id = start_execution.flow_id and f.latest and not f.deleted;
    if not found then
        raise exception 'Unable to find flow ''%''.''%''', namespace, flow_id using errcode = 'no_data_found';
    end if;
    if flow.disabled then
        raise exception 'Requested Flow is disabled: %.%', namespace, flow_id
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    if exists (select from jsonb_object_keys(labels) as k where k like 'system.%' and k <> 'system.correlationId') then
        raise exception 'labels that begin with "system." can''t be set' using errcode = 'invalid_parameter_value';
    end if;
    if sluice.partition_runway() < interval '1 day' then
        perform sluice.ensure_partitions();
    end if;
    insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, labels, inputs, schedule_date,
        progress)
    values (id, namespace, flow_id, flow.revision, 'CREATED', clock_timestamp(),
        (select coalesce(jsonb_object_agg(k, v), '{}') from jsonb_each(flow.labels) as l(k, v) where k not like 'system.%')
            || labels,
        inputs, scheduled_at, '{"checkInputs": true}');
    insert into sluice.execution_events (execution_id, kind, payload)
    values (id, 'started', '{"checkInputs": true}');
    perform sluice.note('START', 'EXECUTION', start_execution.namespace, id, null, jsonb_build_object('flow', start_execution.flow_id));
    perform pg_notify('sluice_events', '');
    return id;
end $$;
comment on function sluice.start_execution(text, text, jsonb, jsonb, timestamptz) is
    'Starts an execution of the newest revision of a flow when the caller''s transaction commits. Returns its id.';

create or replace function sluice.put_event(execution_id text, kind text, payload jsonb default null,
    task_run_id text default null) returns void
language plpgsql as $$
declare
    namespace text;
begin
    select e.namespace into namespace from sluice.executions e where e.id = put_event.execution_id
    for key share;  -- a purge waits, or it was quicker
    if not found then
        raise exception 'there is no execution %', execution_id using errcode = 'no_data_found';
    end if;
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    values (execution_id, kind, task_run_id, payload);
    perform sluice.note(upper(replace(kind, '_requested', '')), 'EXECUTION', namespace, execution_id);
    perform pg_notify('sluice_events', '');
end $$;
comment on function sluice.put_event(text, text, jsonb, text) is 'For the functions below.';

create or replace function sluice.kill_execution(execution_id text, cascade boolean default true) returns void
language sql as $$
    select sluice.put_event(execution_id, 'kill_requested', jsonb_build_object('cascade', cascade, 'by', current_user))
$$;
comment on function sluice.kill_execution(text, boolean) is
    'Kills an execution, and with cascade those that its tasks started.';

create or replace function sluice.resume_execution(execution_id text, inputs jsonb default '{}') returns void
language sql as $$
    select sluice.put_event(execution_id, 'resume_requested', jsonb_build_object('inputs', inputs, 'by', current_user))
$$;
comment on function sluice.resume_execution(text, jsonb) is 'Resumes the first pause of an execution.';

create or replace function sluice.restart_execution(execution_id text) returns void
language sql as $$
    select sluice.put_event(execution_id, 'restart_requested', jsonb_build_object('by', current_user))
$$;
comment on function sluice.restart_execution(text) is 'Runs what failed in an execution again.';

create or replace function sluice.pause_execution(execution_id text) returns void
language sql as $$
    select sluice.put_event(execution_id, 'pause_requested', jsonb_build_object('by', current_user))
$$;
comment on function sluice.pause_execution(text) is 'Starts nothing new in an execution until it is resumed.';

create or replace function sluice.retry_parked(parked_id bigint) returns bigint
language sql as $$
    with gone as (
        delete from sluice.parked_events where id = parked_id and queue = 'execution_events' returning content
    ), event as (
        insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
        select content ->> 'execution_id', content ->> 'kind', content ->> 'task_run_id', nullif(content -> 'payload', 'null')
        from gone
        returning seq
    )
    select seq
    from event, pg_notify('sluice_events', '')
$$;
comment on function sluice.retry_parked(bigint) is 'Puts a parked event back into its queue.';

create or replace function sluice.drop_parked(parked_id bigint) returns boolean
language sql as $$
    with gone as (
        delete from sluice.parked_events where id = parked_id returning id
    )
    select exists (select from gone)
$$;
comment on function sluice.drop_parked(bigint) is
    'Throws a parked event away: its execution goes on without it. False: there is none of this id.';

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
