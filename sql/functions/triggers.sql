-- What people do with triggers, in SQL, by the same rules as the API. They run in the caller's own transaction: a rollback
-- leaves nothing. What needs a calendar is left to the scheduler, which is woken by the commit.

create or replace function sluice.trigger_to_change(namespace text, flow_id text, trigger_id text) returns sluice.triggers
language plpgsql as $$
declare
    found_row sluice.triggers;
begin
    select t.* into found_row
    from sluice.triggers t
    where t.namespace = trigger_to_change.namespace and t.flow_id = trigger_to_change.flow_id
        and t.trigger_id = trigger_to_change.trigger_id
    for update;
    if not found then
        raise exception 'trigger %.%.% does not exist', namespace, flow_id, trigger_id using errcode = 'no_data_found';
    end if;
    perform pg_notify('sluice_triggers', '');
    return found_row;
end $$;
comment on function sluice.trigger_to_change(text, text, text) is 'For the functions below: locks a trigger.';

create or replace function sluice.disable_trigger(namespace text, flow_id text, trigger_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    old sluice.triggers := sluice.trigger_to_change(namespace, flow_id, trigger_id);
begin
    update sluice.triggers t
    set disabled = true, disabled_at = now(), disabled_by = format('role %s', session_user), updated_at = now()
    where (t.namespace, t.flow_id, t.trigger_id) = (old.namespace, old.flow_id, old.trigger_id) and not t.disabled;
end $$;
comment on function sluice.disable_trigger(text, text, text) is 'Switches a trigger off; what it has started goes on.';

create or replace function sluice.enable_trigger(namespace text, flow_id text, trigger_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    old sluice.triggers := sluice.trigger_to_change(namespace, flow_id, trigger_id);
begin
    update sluice.triggers t
    set disabled = false, disabled_at = null, disabled_by = null, planned = false, resumed = true, updated_at = now()
    where (t.namespace, t.flow_id, t.trigger_id) = (old.namespace, old.flow_id, old.trigger_id) and t.disabled;
end $$;
comment on function sluice.enable_trigger(text, text, text) is
    'Switches a trigger on again. Which of the dates that passed meanwhile still run is told by its recoverMissedSchedules.';

create or replace function sluice.unlock_trigger(namespace text, flow_id text, trigger_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    old sluice.triggers := sluice.trigger_to_change(namespace, flow_id, trigger_id);
begin
    if old.execution_id is null and old.evaluating_at is null then
        raise exception 'Trigger is not locked' using errcode = 'object_not_in_prerequisite_state';
    end if;
    update sluice.triggers t
    set execution_id = null, evaluating_at = null, worker_id = null, updated_at = now()
    where (t.namespace, t.flow_id, t.trigger_id) = (old.namespace, old.flow_id, old.trigger_id);
end $$;
comment on function sluice.unlock_trigger(text, text, text) is
    'Lets a trigger fire again although its execution runs, or a worker evaluates it: what that worker tells is refused.';

create or replace function sluice.start_backfill(namespace text, flow_id text, trigger_id text, start timestamptz,
    "end" timestamptz default now(), inputs jsonb default '{}', labels jsonb default '{}') returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    old sluice.triggers := sluice.trigger_to_change(namespace, flow_id, trigger_id);
    name text := sluice.new_id();
begin
    if old.type not in ('io.kestra.plugin.core.trigger.Schedule', 'io.kestra.plugin.core.trigger.ScheduleOnDates') then
        raise exception 'only schedules have dates to run through; % is a %', trigger_id, old.type
            using errcode = 'wrong_object_type';
    end if;
    if start is null then
        raise exception 'a backfill needs a start' using errcode = 'invalid_parameter_value',
            hint = 'sluice.start_backfill(namespace, flow, trigger, start, end), for example from ''2026-01-01'' to ''2026-01-31''.';
    end if;
    "end" := coalesce("end", now());
    if not isfinite(start) or not isfinite("end") then
        raise exception 'a backfill goes from one date to another, found % and %', start, "end"
            using errcode = 'invalid_parameter_value';
    end if;
    if old.backfill is not null then
        raise exception 'a backfill is already running: wait for its end, or delete it'
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    if "end" < start then
        raise exception 'a backfill from % must not end before it starts, at %', sluice.short_iso(start), sluice.short_iso("end")
            using errcode = 'invalid_parameter_value';
    end if;
    if jsonb_typeof(inputs) is distinct from 'object' or jsonb_typeof(labels) is distinct from 'object' then
        raise exception 'inputs and labels are objects, for example {"name": "value"}'
            using errcode = 'invalid_parameter_value';
    end if;
    update sluice.triggers t
    set next_at = case when t.planned then start end, updated_at = now(),
        backfill = jsonb_build_object(
            'name', name, 'start', sluice.iso(start), 'end', sluice.iso("end"), 'currentDate', sluice.iso(start),
            'paused', false, 'inputs', inputs, 'previousNextExecutionDate', sluice.iso(t.next_at),
            'labels', (select coalesce(jsonb_agg(jsonb_build_object('key', l.key, 'value', l.value)), '[]')
                       from jsonb_each_text(labels) as l))
    where (t.namespace, t.flow_id, t.trigger_id) = (old.namespace, old.flow_id, old.trigger_id);
    return name;
end $$;
comment on function sluice.start_backfill(text, text, text, timestamptz, timestamptz, jsonb, jsonb) is
    'Runs a schedule''s dates from start to end, one after the other; its ordinary dates wait. Returns the backfill''s name,
    which sluice.fires shows as run. One without a date ends at once, and why_trigger() says so.';

create or replace function sluice.iso(at timestamptz) returns text
language sql immutable parallel safe as $$
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
comment on function sluice.iso(timestamptz) is 'A time as the API writes it.';

create or replace function sluice.short_iso(at timestamptz) returns text
language sql immutable parallel safe as $$
    select regexp_replace(regexp_replace(sluice.iso(at), '000Z$', 'Z'), '\.000Z$', 'Z')
$$;
comment on function sluice.short_iso(timestamptz) is 'A time as messages tell it: without zeros that say nothing.';

create or replace function sluice.backfill_to_change(namespace text, flow_id text, trigger_id text) returns sluice.triggers
language plpgsql as $$
declare
    old sluice.triggers := sluice.trigger_to_change(namespace, flow_id, trigger_id);
begin
    if old.backfill is null then
        raise exception 'No backfill found' using errcode = 'object_not_in_prerequisite_state';
    end if;
    return old;
end $$;
comment on function sluice.backfill_to_change(text, text, text) is 'For the functions below: locks a trigger with a backfill.';

create or replace function sluice.pause_backfill(namespace text, flow_id text, trigger_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    old sluice.triggers := sluice.backfill_to_change(namespace, flow_id, trigger_id);
begin
    update sluice.triggers t
    set backfill = t.backfill || '{"paused": true}', next_at = null, updated_at = now()
    where (t.namespace, t.flow_id, t.trigger_id) = (old.namespace, old.flow_id, old.trigger_id);
end $$;
comment on function sluice.pause_backfill(text, text, text) is 'Starts no further date of a backfill until it is resumed.';

create or replace function sluice.resume_backfill(namespace text, flow_id text, trigger_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    old sluice.triggers := sluice.backfill_to_change(namespace, flow_id, trigger_id);
begin
    update sluice.triggers t
    set backfill = t.backfill || '{"paused": false}', next_at = (t.backfill ->> 'currentDate')::timestamptz, updated_at = now()
    where (t.namespace, t.flow_id, t.trigger_id) = (old.namespace, old.flow_id, old.trigger_id);
end $$;
comment on function sluice.resume_backfill(text, text, text) is 'Goes on with a backfill that was paused.';

create or replace function sluice.delete_backfill(namespace text, flow_id text, trigger_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    old sluice.triggers := sluice.backfill_to_change(namespace, flow_id, trigger_id);
begin
    update sluice.triggers t
    set backfill = null, next_at = (t.backfill ->> 'previousNextExecutionDate')::timestamptz, updated_at = now()
    where (t.namespace, t.flow_id, t.trigger_id) = (old.namespace, old.flow_id, old.trigger_id);
end $$;
comment on function sluice.delete_backfill(text, text, text) is 'Ends a backfill at once; the ordinary dates go on.';

create or replace function sluice.preview_trigger(namespace text, flow_id text, trigger_id text, count integer default 20)
returns table (date timestamptz, due_in interval)
language plpgsql stable as $$
#variable_conflict use_column
declare
    t sluice.triggers;
begin
    select x.* into t
    from sluice.triggers x
    where x.namespace = preview_trigger.namespace and x.flow_id = preview_trigger.flow_id
        and x.trigger_id = preview_trigger.trigger_id;
    if not found then
        raise exception 'trigger %.%.% does not exist', preview_trigger.namespace, preview_trigger.flow_id, preview_trigger.trigger_id
            using errcode = 'no_data_found', hint = 'select * from sluice.trigger_overview lists them.';
    end if;
    if t.type not in ('io.kestra.plugin.core.trigger.Schedule', 'io.kestra.plugin.core.trigger.ScheduleOnDates') then
        raise exception 'only schedules have dates to run through; % is a %', t.trigger_id, t.type
            using errcode = 'wrong_object_type';
    end if;
    return query
        select u.d, u.d - now()
        from (select unnest(t.upcoming) as d union select t.next_at where t.backfill is null) u
        where u.d > now()
        order by u.d
        limit preview_trigger.count;
end $$;
comment on function sluice.preview_trigger(text, text, text, integer) is
    'The next dates of a schedule that its conditions let run: twenty at least, if there are so many. sluice trigger preview
    tells those that a condition leaves out too, and why.';

create or replace function sluice.trigger_fires(namespace text, flow_id text, trigger_id text, count integer default 20,
    run text default '')
returns table (scheduled_at timestamptz, fate text, reason text, execution_id text, execution_state text,
    decided_at timestamptz, refused integer, refused_at timestamptz)
language sql stable as $$
    select f.scheduled_at, f.fate, f.reason, f.execution_id,
        (select e.state from sluice.executions e where e.id = f.execution_id), f.decided_at, f.refused, f.refused_at
    from sluice.fires f
    where f.namespace = trigger_fires.namespace and f.flow_id = trigger_fires.flow_id
        and f.trigger_id = trigger_fires.trigger_id and f.run = trigger_fires.run
    order by f.scheduled_at desc
    limit count
$$;
comment on function sluice.trigger_fires(text, text, text, integer, text) is
    'What became of a trigger''s latest dates: FIRED, SKIPPED by a condition, OVERLAPPED (fired when the execution before was
    over), MISSED, RECOVERED, FAILED; run: those of the backfill of this name. refused: so often a date came up again, and started nothing.';
