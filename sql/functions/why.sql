-- Why does an execution not go on? Every reason that it waits for, from the tables themselves.
create or replace function sluice.why(execution_id text)
returns table (code text, task_id text, reason text, since timestamptz)
language plpgsql stable as $$
#variable_conflict use_column
declare
    e sluice.executions;
    found_any boolean := false;
begin
    select x.* into e from sluice.executions x where x.id = why.execution_id;
    if e.id is null then
        raise exception 'execution % does not exist', why.execution_id using errcode = 'no_data_found';
    end if;

    return query
    select 'PARKED', p.content ->> 'task_run_id',
        format('event %s was put aside after it failed too often: %s. Mend the cause and call sluice.retry_parked(%s)',
               p.content ->> 'kind', p.error, p.id), p.parked_at
    from sluice.parked_events p
    where p.execution_id = e.id;
    found_any := found_any or found;

    if e.state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED')
        and not exists (select from sluice.timers t where t.execution_id = e.id)
        and not exists (select from sluice.execution_events v where v.execution_id = e.id) then
        if not found_any then
            return query select 'OVER', null::text, format('it is over: %s', e.state), e.ended_at;
        end if;
        return;
    end if;

    return query
    select 'MAINTENANCE', null::text,
        format('the cluster takes no new work since %s, by %s%s; it goes on after: select sluice.exit_maintenance()',
               m.entered_at, m.entered_by, case when m.reason = '' then '' else ': ' || m.reason end), m.entered_at
    from sluice.maintenance m
    where m.left_at is null;
    found_any := found_any or found;

    return query
    select 'KILL_SWITCH', null::text,
        format('it is under a kill switch, by %s: %s; lift it by: select sluice.lift_kill_switch(%s)', k.created_by, k.reason,
               k.kill_switch_id), k.created_at
    from sluice.kill_switches k
    where (k.namespace = e.namespace or (k.flow_id = '' and starts_with(e.namespace, k.namespace || '.')))
        and k.flow_id in ('', e.flow_id) and k.execution_id in ('', e.id);
    found_any := found_any or found;

    return query
    select 'EVENT', null::text,
        case when exists (select from sluice.services s where s.state = 'RUNNING' and s.lease_until > now()
                              and 'executor' = any (s.roles))
             then format('%s event(s) wait for an executor; the oldest is %s', count(*), string_agg(distinct v.kind, ', '))
             else 'no executor is alive; start one with: sluice server executor' end,
        min(v.created_at)
    from sluice.execution_events v
    where v.execution_id = e.id
    having count(*) > 0;
    found_any := found_any or found;

    return query
    select 'TIMER', r.task_id,
        case t.kind
            when 'retry' then format('task %s failed and is tried again at %s', r.task_id, t.due_at)
            when 'pause' then format('task %s pauses until %s', r.task_id, t.due_at)
            when 'pause-timeout' then format('task %s waits for somebody to resume it, until %s', r.task_id, t.due_at)
            when 'loop' then format('the next round of task %s begins at %s', r.task_id, t.due_at)
            when 'schedule' then format('it was asked to begin at %s', t.due_at)
            when 'retry-execution' then format('it failed, and is repeated as a new execution at %s', t.due_at)
            else case when t.kind like 'sla:%'
                      then format('its SLA %s is violated when it still runs at %s', substr(t.kind, 5), t.due_at)
                      else format('timer %s is due at %s', t.kind, t.due_at) end
            end,
        coalesce(r.ended_at, r.created_at, e.created_at)
    from sluice.timers t
    left join sluice.task_runs r on r.execution_id = e.id and r.id = t.task_run_id
    where t.execution_id = e.id;
    found_any := found_any or found;

    return query
    select 'PAUSED', r.task_id,
        format('task %s is paused until somebody resumes it: select sluice.resume_execution(%L)', r.task_id, e.id),
        r.created_at
    from sluice.task_runs r
    where r.execution_id = e.id and r.state = 'PAUSED'
        and not exists (select from sluice.timers t where t.execution_id = e.id and t.task_run_id = r.id);
    found_any := found_any or found;

    return query
    select 'RUNNING', r.task_id,
        case when s.lease_until > now() then format('task %s runs on worker %s (%s)', r.task_id, s.service_id, s.host)
             else format('task %s was on worker %s (%s), which has been silent since %s; it goes to another one in a moment',
                         r.task_id, c.service_id, s.host, s.heartbeat_at) end
            || case when c.cancelled then '; it is being killed' else '' end,
        c.claimed_at
    from sluice.claims c
    join sluice.task_runs r on r.execution_id = e.id and r.id = c.task_run_id
    left join sluice.services s on s.service_id = c.service_id
    where c.execution_id = e.id;
    found_any := found_any or found;

    return query
    select 'JOB', r.task_id,
        case when sluice.has_worker(j.worker_group) and strpos(j.worker_group, '!') > 0
             then format('task %s waits for a free slot of a worker that has the plugin of %s; jobs before it: %s',
                         r.task_id, split_part(j.worker_group, '!', 2),
                         (select count(*) from sluice.jobs b where b.worker_group = j.worker_group and b.seq < j.seq))
             when strpos(j.worker_group, '!') > 0
             then format('task %s is of a type that no living worker%s can run: %s. Start one that has the plugin in its folder: '
                         'sluice server worker --plugins FOLDER%s%s', r.task_id,
                         case when j.worker_group like '!%' then '' else format(' of group %L', split_part(j.worker_group, '!', 1)) end,
                         split_part(j.worker_group, '!', 2),
                         case when j.worker_group like '!%' then '' else ' --worker-group ' || split_part(j.worker_group, '!', 1) end,
                         (select format(' (%s had it last)', s.host) from sluice.plugin_workers p
                          join sluice.services s using (service_id)
                          where p.type = split_part(j.worker_group, '!', 2) order by s.heartbeat_at desc limit 1))
             when sluice.has_worker(j.worker_group)
             then format('task %s waits for a free slot of a worker%s; jobs before it: %s', r.task_id,
                         case when j.worker_group = '' then '' else format(' of group %L', j.worker_group) end,
                         (select count(*) from sluice.jobs b where b.worker_group = j.worker_group and b.seq < j.seq))
             else format('task %s waits for a worker%s, and none is alive; start one with: sluice server worker%s', r.task_id,
                         case when j.worker_group = '' then '' else format(' of group %L', j.worker_group) end,
                         case when j.worker_group = '' then '' else ' --worker-group ' || j.worker_group end) end,
        j.created_at
    from sluice.jobs j
    join sluice.task_runs r on r.execution_id = e.id and r.id = j.task_run_id
    where j.execution_id = e.id;
    found_any := found_any or found;

    return query
    select 'CHILD', r.task_id, format('task %s waits for execution %s of %s.%s, which is %s', r.task_id, c.id, c.namespace,
                                      c.flow_id, c.state), c.created_at
    from sluice.executions c
    join sluice.task_runs r on r.execution_id = e.id and r.id = c.caller_task_run_id
    where c.caller_id = e.id and r.state in ('RUNNING', 'KILLING')
        and c.state not in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED');
    found_any := found_any or found;

    return query
    select 'CONCURRENCY', null::text,
        case when slots.taken = 1 then format('the only slot of flow %s.%s is taken', e.namespace, e.flow_id)
             else format('all %s slots of flow %s.%s are taken', slots.taken, e.namespace, e.flow_id) end
            || case before_it.count when 0 then '; it is the next one' when 1 then '; 1 execution is before it'
                    else format('; %s executions are before it', before_it.count) end, q.queued_at
    from sluice.queued_executions q
    cross join lateral (select count(*) as taken from sluice.concurrency_slots s
                        where s.namespace = e.namespace and s.flow_id = e.flow_id) slots
    cross join lateral (select count(*) from sluice.queued_executions b
                        where b.namespace = e.namespace and b.flow_id = e.flow_id and b.seq < q.seq) before_it
    where q.execution_id = e.id;
    found_any := found_any or found;

    if (e.progress -> 'held') = 'true' then
        return query select 'HELD', null::text,
            format('somebody paused it; go on with: select sluice.resume_execution(%L)', e.id), e.ended_at;
        found_any := true;
    end if;
    if e.state = 'BREAKPOINT' then
        return query select 'BREAKPOINT', r.task_id, format('it stands at the breakpoint before task %s', r.task_id), r.created_at
        from sluice.task_runs r where r.execution_id = e.id and r.state = 'BREAKPOINT';
        found_any := true;
    end if;
    if not found_any then
        return query select 'NOTHING', null::text,
            'nothing will wake it: this must not happen, please report it with the rows of this execution', e.created_at;
    end if;
end $$;
comment on function sluice.why(text) is 'Every reason for which an execution waits, or that it is over.';
