-- Maintenance mode, kill switches, announcements: rows that every process heeds at its next statement.

create or replace function sluice.in_maintenance() returns boolean
language sql stable as $$ select exists (select from sluice.maintenance m where m.left_at is null) $$;
comment on function sluice.in_maintenance() is 'Whether the cluster takes no new work.';

create or replace function sluice.acting_user() returns text
language sql stable as $$
    select coalesce(case when sluice.is_server() then nullif(current_setting('sluice.actor', true), '') end, session_user)
$$;
comment on function sluice.acting_user() is 'On whose behalf this transaction acts.';

create or replace function sluice.wake_all() returns void
language sql as $$
    select pg_notify(channel, '')
    from unnest(array['sluice_events', 'sluice_jobs', 'sluice_triggers', 'sluice_timers']) as channel
$$;
comment on function sluice.wake_all() is 'Lets every process look at its tables now.';

create or replace function sluice.enter_maintenance(reason text) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
    with entered as (
        insert into sluice.maintenance (reason, entered_by)
        values (coalesce(reason, ''), sluice.acting_user())
        on conflict ((true)) where left_at is null do nothing
        returning 1
    )
    select exists (select from entered) from sluice.wake_all()
$$;
comment on function sluice.enter_maintenance(text) is
    'The cluster takes no new work: no new execution begins, no worker starts a task, no trigger fires; tasks that run go on. False: it was so already.';

create or replace function sluice.exit_maintenance() returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
    with ended as (
        update sluice.maintenance set left_at = clock_timestamp() where left_at is null returning 1
    )
    select exists (select from ended) from sluice.wake_all()
$$;
comment on function sluice.exit_maintenance() is
    'The cluster takes work again; what waited begins, and dates that passed count as missed by a scheduler that was away. False: it did.';

-- Why an execution must not go on; null: it may.
create or replace function sluice.kill_reason(namespace text, flow_id text, execution_id text) returns text
language sql stable as $$
    select k.reason
    from sluice.kill_switches k
    where (k.namespace = kill_reason.namespace
           or (k.flow_id = '' and starts_with(kill_reason.namespace, k.namespace || '.')))
        and k.flow_id in ('', kill_reason.flow_id)
        and k.execution_id in ('', kill_reason.execution_id)
    order by k.kill_switch_id
    limit 1
$$;
comment on function sluice.kill_reason(text, text, text) is 'The reason of the kill switch that an execution is under; null: none.';

create or replace function sluice.is_switched_off(execution_id text) returns boolean
language sql stable as $$
    select coalesce((select sluice.kill_reason(e.namespace, e.flow_id, e.id) is not null
                     from sluice.executions e where e.id = is_switched_off.execution_id), false)
$$;
comment on function sluice.is_switched_off(text) is 'Whether an execution is under a kill switch.';

create or replace function sluice.set_kill_switch(namespace text, flow_id text, execution_id text, reason text) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    id bigint;
begin
    if coalesce(execution_id, '') <> '' then
        select e.namespace, e.flow_id into namespace, flow_id
        from sluice.executions e where e.id = set_kill_switch.execution_id;
        if not found then
            raise exception 'execution % does not exist', execution_id using errcode = 'no_data_found';
        end if;
    elsif coalesce(namespace, '') = '' then
        raise exception 'expected a namespace, a flow with its namespace, or an execution'
            using errcode = 'invalid_parameter_value';
    end if;
    insert into sluice.kill_switches as k (namespace, flow_id, execution_id, reason, created_by)
    values (namespace, coalesce(flow_id, ''), coalesce(execution_id, ''), coalesce(reason, ''), sluice.acting_user())
    on conflict on constraint kill_switches_key do update set reason = excluded.reason
    returning k.kill_switch_id into id;
    -- Those that nothing would wake; what comes later is found by its events, and by sluice.unkilled().
    insert into sluice.execution_events (execution_id, kind, payload)
    select e.id, 'kill_requested', jsonb_build_object('cascade', true, 'by', sluice.acting_user())
    from sluice.executions e
    where (e.ended_at is null or e.state = 'PAUSED') and e.state <> 'KILLING'
        and (e.namespace = set_kill_switch.namespace
             or (coalesce(set_kill_switch.flow_id, '') = '' and starts_with(e.namespace, set_kill_switch.namespace || '.')))
        and coalesce(set_kill_switch.flow_id, '') in ('', e.flow_id)
        and coalesce(set_kill_switch.execution_id, '') in ('', e.id);
    perform sluice.wake_all();
    return id;
end $$;
comment on function sluice.set_kill_switch(text, text, text, text) is
    'Kills what runs of an execution, of a flow, or of a namespace with those below it (null: all), and whatever begins, until the switch is lifted. Returns its id.';

create or replace function sluice.lift_kill_switch(kill_switch_id bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    delete from sluice.kill_switches k where k.kill_switch_id = lift_kill_switch.kill_switch_id;
    if not found then
        raise exception 'there is no kill switch ''%''', coalesce(kill_switch_id::text, 'null')
            using errcode = 'no_data_found', hint = 'select * from sluice.kill_switches lists them.';
    end if;
    perform sluice.wake_all();
    return true;
end $$;
comment on function sluice.lift_kill_switch(bigint) is 'Lifts a kill switch.';

-- What began while a switch was being set, in a transaction that did not see it.
create or replace function sluice.unkilled() returns setof text
language sql stable rows 10 as $$
    select e.id
    from (select j.execution_id from sluice.jobs j
          union select c.execution_id from sluice.claims c where not c.cancelled
          union select t.execution_id from sluice.timers t
          union select p.id  -- one that pauses has none of these
                from sluice.kill_switches k
                join sluice.executions p on p.id >= sluice.lowest_id(k.created_at - interval '1 minute')
                    and p.id < sluice.lowest_id(k.created_at + interval '10 minutes')
                where p.state = 'PAUSED' and k.created_at > now() - interval '1 day') q
    join sluice.executions e on e.id = q.execution_id
    where e.state <> 'KILLING' and not sluice.is_over(e.state)
        and sluice.kill_reason(e.namespace, e.flow_id, e.id) is not null
        and not exists (select from sluice.execution_events v where v.execution_id = e.id and v.kind = 'kill_requested')
$$;
comment on function sluice.unkilled() is 'Executions under a kill switch that go on.';

create or replace function sluice.announce(message text, level text default 'INFO', starts_at timestamptz default now(),
    ends_at timestamptz default null) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    id bigint;
begin
    if octet_length(coalesce(message, '')) not between 1 and 2000 then
        raise exception 'message: expected a text of at most 2000 bytes' using errcode = 'invalid_parameter_value';
    elsif upper(coalesce(level, '')) not in ('INFO', 'WARNING', 'ERROR') then
        raise exception 'level: expected INFO, WARNING or ERROR, found ''%''', level using errcode = 'invalid_parameter_value';
    elsif ends_at <= coalesce(starts_at, now()) then
        raise exception 'endsAt: expected a time after the beginning, found %', sluice.short_iso(ends_at)
            using errcode = 'invalid_parameter_value';
    end if;
    insert into sluice.announcements (message, level, starts_at, ends_at, created_by)
    values (message, upper(level), coalesce(starts_at, now()), ends_at, sluice.acting_user())
    returning announcement_id into id;
    return id;
end $$;
comment on function sluice.announce(text, text, timestamptz, timestamptz) is
    'Shows everybody a message on the page, between two times. level: INFO, WARNING or ERROR. Returns its id.';

create or replace function sluice.drop_announcement(announcement_id bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    delete from sluice.announcements a where a.announcement_id = drop_announcement.announcement_id;
    if not found then
        raise exception 'there is no announcement ''%''', coalesce(announcement_id::text, 'null')
            using errcode = 'no_data_found', hint = 'select * from sluice.announcements lists them.';
    end if;
    return true;
end $$;
comment on function sluice.drop_announcement(bigint) is 'Takes an announcement away.';
