-- Why did a trigger fire, or not? Every reason from the tables themselves, what stops it first.
create or replace function sluice.why_trigger(namespace text, flow_id text, trigger_id text)
returns table (code text, reason text, since timestamptz)
language plpgsql stable as $$
#variable_conflict use_column
declare
    t sluice.triggers;
    f sluice.flows;
    definition jsonb;
    last sluice.fires;
    last_state text;
    has_dates boolean;
    leader text;
begin
    select x.* into t from sluice.triggers x
    where x.namespace = why_trigger.namespace and x.flow_id = why_trigger.flow_id and x.trigger_id = why_trigger.trigger_id;
    if t.trigger_id is null then
        raise exception 'trigger %.%.% does not exist', why_trigger.namespace, why_trigger.flow_id, why_trigger.trigger_id
            using errcode = 'no_data_found';
    end if;
    has_dates := t.type in ('io.kestra.plugin.core.trigger.Schedule', 'io.kestra.plugin.core.trigger.ScheduleOnDates');
    select x.* into f from sluice.flows x
    where x.namespace = t.namespace and x.flow_id = t.flow_id and x.latest and not x.deleted;
    select d into definition
    from jsonb_array_elements(case jsonb_typeof(f.definition -> 'triggers') when 'array' then f.definition -> 'triggers' end) as d
    where d ->> 'id' = t.trigger_id
    limit 1;
    select x.* into last from sluice.fires x
    where x.namespace = t.namespace and x.flow_id = t.flow_id and x.trigger_id = t.trigger_id and x.run = ''
    order by x.scheduled_at desc
    limit 1;
    select e.state into last_state from sluice.executions e where e.id = last.execution_id;

    if f.flow_id is null then
        return query select 'FLOW_DELETED', format('flow %s.%s is deleted', t.namespace, t.flow_id), t.updated_at;
    elsif f.disabled then
        return query select 'FLOW_DISABLED', format('flow %s.%s is disabled: its dates are skipped', t.namespace, t.flow_id), f.created_at;
    elsif f.problem is not null then
        return query select 'FLOW_BROKEN', format('flow %s.%s can''t be read: %s', t.namespace, t.flow_id, f.problem), f.created_at;
    elsif definition is null then
        return query select 'REMOVED', format('revision %s of the flow has no such trigger any more', f.revision), f.created_at;
    end if;

    if coalesce(definition ->> 'disabled', 'false') = 'true' then
        return query select 'DISABLED', 'it says disabled: true in the flow', f.created_at;
    elsif t.disabled and t.disabled_by like 'stopAfter: %' then
        return query select 'DISABLED', format('%s; switch it on again to go on', t.disabled_by), t.disabled_at;
    elsif t.disabled and t.disabled_by is not null then
        return query select 'DISABLED', format('%s switched it off', t.disabled_by), t.disabled_at;
    elsif t.disabled and coalesce(definition -> 'stopAfter' ? last_state, false) then
        return query select 'DISABLED', format('its stopAfter names %s, and execution %s ended so; switch it on again to go on',
                                               last_state, last.execution_id), t.updated_at;
    elsif t.disabled then
        return query select 'DISABLED', 'a person or a Toggle task switched it off', t.updated_at;
    end if;

    if t.error is not null then
        return query select 'ERROR', case when t.next_at is null then 'its dates can''t be worked out: '
                                          else 'the last look at it went wrong: ' end || t.error, t.updated_at;
    end if;

    if t.execution_id is not null then
        return query
        select 'LOCKED', case when e.id is null
                then format('it waits for the end of execution %s, which is no more; unlock it', t.execution_id)
                else format('execution %s, which is %s, must end before the next one begins (allowConcurrent: true lets them run side by side)',
                            e.id, e.state) end,
            e.created_at
        from (select 1) one
        left join sluice.executions e on e.id = t.execution_id;
    end if;

    if t.evaluating_at is not null then
        return query select 'EVALUATING', format('worker %s evaluates it', coalesce(t.worker_id, 'of some name')), t.evaluating_at;
    end if;

    if t.backfill is not null then
        return query select 'BACKFILL', format('a backfill runs through the dates from %s to %s%s', t.backfill ->> 'start', t.backfill ->> 'end',
                                               case when t.backfill ->> 'paused' = 'true' then ', and is paused' else '' end), null::timestamptz;
    end if;

    if has_dates then
        select s.service_id into leader
        from sluice.leadership l
        join sluice.services s on s.service_id = l.service_id
        where l.role = 'scheduler' and s.state in ('RUNNING', 'DRAINING') and s.lease_until > now();
        if leader is null then
            return query select 'NO_LEADER',
                case when exists (select from sluice.services s where s.state = 'RUNNING' and s.lease_until > now()
                                      and 'scheduler' = any (s.roles))
                     then 'schedulers are alive, and none leads: see sluice.doctor()'
                     else 'no scheduler is alive; start one with: sluice server scheduler' end,
                (select max(coalesce(s.ended_at, s.lease_until)) from sluice.services s where 'scheduler' = any (s.roles));
        end if;
        if not t.planned then
            return query select 'NOT_PLANNED', 'it is new or was changed: the scheduler works out its first date', t.updated_at;
        elsif t.next_at is null and not t.disabled and t.error is null then
            return query select 'NO_DATE', 'no date is left', t.last_at;
        elsif t.next_at <= now() then
            return query select 'DUE', format('it is due since %s', t.next_at), t.next_at;
        elsif t.next_at is not null then
            return query select 'NEXT', format('the next date is %s', t.next_at), t.last_at;
        end if;
    elsif t.next_at is not null and not t.disabled then
        return query select 'NEXT', format('a worker evaluates it at %s', t.next_at), t.last_at;
    elsif not t.disabled then
        return query select 'WAITS', case t.type
                when 'io.kestra.plugin.core.trigger.Webhook' then 'it fires when somebody calls its address'
                when 'io.kestra.plugin.core.trigger.Flow' then 'it fires when executions of other flows end as it wants'
                else 'it fires by what happens, not by dates' end, null::timestamptz;
    end if;

    if last.trigger_id is not null then
        return query select 'LAST', format('the date %s was %s%s%s', last.scheduled_at, last.fate,
                                           case when last.execution_id is not null then format(': execution %s%s', last.execution_id,
                                                    coalesce(', ' || last_state, '')) else '' end,
                                           coalesce(': ' || last.reason, '')), last.decided_at;
        if last.refused > 0 then
            return query select 'REFUSED', format('the date %s came up %s more time(s), and started nothing', last.scheduled_at,
                                                  last.refused), last.refused_at;
        end if;
    end if;
end $$;
comment on function sluice.why_trigger(text, text, text) is
    'Why a trigger fires or does not: what stops it, its next date, what became of its last one.';
