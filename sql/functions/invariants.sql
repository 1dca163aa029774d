-- What must always hold between the tables. Everything that changes them does it in one transaction, so each of these
-- queries, which sees one snapshot, finds nothing, however busy the cluster is. The functions sluice.broken_… are one
-- invariant each; the reconciler repairs what they find once it is older than a minute.

create or replace function sluice.is_over(state text) returns boolean
language sql immutable parallel safe as $$
    select state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'SKIPPED')
$$;
comment on function sluice.is_over(text) is 'Whether nothing follows a state by itself.';

-- An execution that is over may still run its afterExecution tasks and listeners, or begin anew in a while.
create or replace function sluice.is_at_rest(execution_id text) returns boolean
language sql stable cost 10000 as $$
    select not exists (select from sluice.task_runs r
                       where r.execution_id = is_at_rest.execution_id and not sluice.is_over(r.state))
        and not exists (select from sluice.execution_events v where v.execution_id = is_at_rest.execution_id)
        and not exists (select from sluice.timers t
                        where t.execution_id = is_at_rest.execution_id and t.kind = 'retry-execution')
$$;
comment on function sluice.is_at_rest(text) is 'Of an execution that is over: whether nothing of it goes on either.';

-- Looks at executions in the order of their ids, those in (after, upto], and of these only at what is not over: the
-- reconciler goes through a large table in pieces. Events and jobs have no index by execution and are hashed, whatever the
-- statistics of a quiet hour say of how many executions run (a nested loop took minutes for 50,000 events); everything else
-- is looked up by an index for each execution, which a scalar subquery makes sure of.
create or replace function sluice.broken_executions(older interval default '0', after text default '',
    upto text default '~') returns table (id text, state text, since timestamptz)
language sql stable set enable_nestloop = off as $$
    select w.id, w.state, w.since
    from (
        select e.id, e.state,
            greatest(e.created_at, e.started_at, e.ended_at,
                     (select max(greatest(r.created_at, r.started_at, r.ended_at))
                      from sluice.task_runs r where r.execution_id = e.id)) as since
        from sluice.executions e
        where e.id > after and e.id <= upto
            and (e.ended_at is null or e.state = 'PAUSED') and e.created_at <= now() - older
            and e.state <> 'BREAKPOINT' and coalesce(e.progress ->> 'held', '') <> 'true'
            and not exists (select from sluice.execution_events v where v.execution_id = e.id)
            and not exists (select from sluice.jobs j where j.execution_id = e.id)
            and (select true from sluice.claims c where c.execution_id = e.id limit 1) is null
            and (select true from sluice.timers t where t.execution_id = e.id limit 1) is null
            and (select true from sluice.queued_executions q where q.execution_id = e.id) is null
            and (select true from sluice.parked_events p where p.execution_id = e.id limit 1) is null
            and (select true from sluice.task_runs r
                 where r.execution_id = e.id and r.state in ('PAUSED', 'BREAKPOINT') limit 1) is null
            and (select true from sluice.executions c
                 where c.caller_id = e.id and c.caller_task_run_id is not null
                     and (c.ended_at is null or c.state = 'PAUSED' or not sluice.is_at_rest(c.id)) limit 1) is null
    ) w
    where w.since <= now() - older
$$;
comment on function sluice.broken_executions(interval, text, text) is
    'Executions that are not over and that nothing will ever wake.';

create or replace function sluice.broken_jobs(older interval default '0')
returns table (seq bigint, worker_group text, task_run_id text, execution_id text, since timestamptz)
language sql stable as $$
    select j.seq, j.worker_group, j.task_run_id, j.execution_id, greatest(r.ended_at, j.created_at)
    from sluice.jobs j
    left join sluice.task_runs r on r.execution_id = j.execution_id and r.id = j.task_run_id
    where (r.id is null or sluice.is_over(r.state))
        and greatest(r.ended_at, j.created_at) <= now() - older
$$;
comment on function sluice.broken_jobs(interval) is 'Jobs of task runs that are over.';

create or replace function sluice.broken_claims(older interval default '0')
returns table (task_run_id text, execution_id text, service_id text, since timestamptz)
language sql stable as $$
    select c.task_run_id, c.execution_id, c.service_id, greatest(r.ended_at, c.claimed_at)
    from sluice.claims c
    left join sluice.task_runs r on r.execution_id = c.execution_id and r.id = c.task_run_id
    where (r.id is null or sluice.is_over(r.state)) and not c.cancelled
        and greatest(r.ended_at, c.claimed_at) <= now() - older
$$;
comment on function sluice.broken_claims(interval) is
    'Claims for task runs that are over, whose workers were not told to end them.';

create or replace function sluice.ownerless_claims(older interval default '0')
returns table (task_run_id text, execution_id text, service_id text, since timestamptz)
language sql stable as $$
    select c.task_run_id, c.execution_id, c.service_id, coalesce(s.ended_at, s.lease_until, c.claimed_at)
    from sluice.claims c
    left join sluice.services s on s.service_id = c.service_id
    where (s.service_id is null or s.state in ('STOPPED', 'DEAD') or s.lease_until < now() - interval '1 minute')
        and coalesce(s.ended_at, s.lease_until, c.claimed_at) <= now() - older
$$;
comment on function sluice.ownerless_claims(interval) is 'Claims of services that are not alive.';

create or replace function sluice.broken_slots(older interval default '0')
returns table (namespace text, flow_id text, execution_id text, since timestamptz)
language sql stable as $$
    select s.namespace, s.flow_id, s.execution_id, greatest(e.ended_at, s.taken_at)
    from sluice.concurrency_slots s
    left join sluice.executions e on e.id = s.execution_id
    where greatest(e.ended_at, s.taken_at) <= now() - older
        and (e.id is null or (sluice.is_over(e.state) and sluice.is_at_rest(e.id)))
$$;
comment on function sluice.broken_slots(interval) is 'Slots of a flow''s concurrency whose owner is over.';

create or replace function sluice.broken_queued(older interval default '0')
returns table (namespace text, flow_id text, seq bigint, execution_id text, since timestamptz)
language sql stable as $$
    select q.namespace, q.flow_id, q.seq, q.execution_id, greatest(e.ended_at, q.queued_at)
    from sluice.queued_executions q
    left join sluice.executions e on e.id = q.execution_id
    where greatest(e.ended_at, q.queued_at) <= now() - older and (e.id is null or sluice.is_over(e.state))
$$;
comment on function sluice.broken_queued(interval) is 'Executions that are over, and still wait for a slot.';

create or replace function sluice.broken_timers(older interval default '0')
returns table (seq bigint, kind text, execution_id text, since timestamptz)
language sql stable as $$
    select t.seq, t.kind, t.execution_id, coalesce(e.ended_at, '-infinity')
    from sluice.timers t
    left join sluice.executions e on e.id = t.execution_id
    where t.kind <> 'retry-execution'
        and (e.id is null or (sluice.is_over(e.state) and e.ended_at <= now() - older and sluice.is_at_rest(e.id)))
$$;
comment on function sluice.broken_timers(interval) is 'Timers of executions that are over.';

-- The limit is that of the newest revision; without one, somebody must at least hold the slot that the others wait for.
create or replace function sluice.free_slots(older interval default '0')
returns table (namespace text, flow_id text, free integer, waiting bigint, execution_id text, since timestamptz)
language sql stable as $$
    select q.namespace, q.flow_id, (c.slots - c.taken)::integer, q.waiting, q.first, q.since
    from (
        select q.namespace, q.flow_id, count(*) as waiting, min(q.queued_at) as since,
            (array_agg(q.execution_id order by q.seq))[1] as first
        from sluice.queued_executions q
        join sluice.executions e on e.id = q.execution_id and e.state = 'QUEUED'
        where q.queued_at <= now() - older
        group by q.namespace, q.flow_id) q
    cross join lateral (
        select (select count(*) from sluice.concurrency_slots s where s.namespace = q.namespace and s.flow_id = q.flow_id) as taken,
            greatest(1, coalesce((
                select case when f.definition #>> '{concurrency,limit}' ~ '^\d{1,6}$'
                            then (f.definition #>> '{concurrency,limit}')::integer end
                from sluice.flows f
                where f.namespace = q.namespace and f.flow_id = q.flow_id and f.latest), 1)) as slots) c
    where c.taken < c.slots
$$;
comment on function sluice.free_slots(interval) is 'Flows with a free slot while executions wait for one; the first of them.';

create or replace function sluice.broken_triggers(older interval default '0')
returns table (namespace text, flow_id text, trigger_id text, execution_id text, since timestamptz)
language sql stable as $$
    select t.namespace, t.flow_id, t.trigger_id, t.execution_id, greatest(e.ended_at, t.updated_at)
    from sluice.triggers t
    left join sluice.executions e on e.id = t.execution_id
    where t.execution_id is not null and greatest(e.ended_at, t.updated_at) <= now() - older
        and (e.id is null or (sluice.is_over(e.state) and sluice.is_at_rest(e.id)))
$$;
comment on function sluice.broken_triggers(interval) is 'Triggers that wait for the end of an execution that is over.';

create or replace function sluice.dateless_triggers(older interval default '0')
returns table (namespace text, flow_id text, trigger_id text, date timestamptz, since timestamptz)
language sql stable as $$
    select t.namespace, t.flow_id, t.trigger_id, (select min(d) from unnest(t.upcoming) as d where d > now()), t.updated_at
    from sluice.triggers t
    where t.next_at is null and not t.disabled and t.planned and t.error is null
        and t.type = 'io.kestra.plugin.core.trigger.Schedule'
        and t.backfill is null and t.updated_at <= now() - older and t.upcoming[cardinality(t.upcoming)] > now()
$$;
comment on function sluice.dateless_triggers(interval) is 'Schedules that have dates to come, and none of them next.';

create or replace function sluice.invariants(older interval default '0', after text default '')
returns table (invariant text, finding text, id text, since timestamptz)
language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
    select 'execution_has_a_reason_to_wake', format('execution %s is %s, and nothing will ever wake it', b.id, b.state), b.id, b.since
    from sluice.broken_executions(older, after) b;
    return query
    select 'job_has_a_live_task_run', format('a job waits for a worker, and task run %s of execution %s is over', b.task_run_id,
                                             b.execution_id), b.task_run_id, b.since
    from sluice.broken_jobs(older) b;
    return query
    select 'claim_has_a_live_task_run', format('worker %s has task run %s of execution %s, which is over', b.service_id,
                                               b.task_run_id, b.execution_id), b.task_run_id, b.since
    from sluice.broken_claims(older) b;
    return query
    select 'claim_has_a_living_owner', format('task run %s of execution %s is claimed by service %s, which is not alive',
                                              b.task_run_id, b.execution_id, b.service_id), b.task_run_id, b.since
    from sluice.ownerless_claims(older) b;
    return query
    select 'slot_has_a_live_owner', format('a slot of flow %s.%s is held by execution %s, which is over', b.namespace, b.flow_id,
                                           b.execution_id), b.execution_id, b.since
    from sluice.broken_slots(older) b;
    return query
    select 'queued_execution_is_live', format('execution %s waits for a slot of flow %s.%s, and is over', b.execution_id,
                                              b.namespace, b.flow_id), b.execution_id, b.since
    from sluice.broken_queued(older) b;
    return query
    select 'slots_are_used', format('flow %s.%s has %s free slot(s), and %s execution(s) wait for one, first %s', b.namespace,
                                    b.flow_id, b.free, b.waiting, b.execution_id), b.execution_id, b.since
    from sluice.free_slots(older) b;
    return query
    select 'timer_has_a_live_execution', format('timer %s (%s) belongs to execution %s, which is over', b.seq, b.kind, b.execution_id),
        b.execution_id, b.since
    from sluice.broken_timers(older) b;
    return query
    select 'trigger_waits_for_a_live_execution', format('trigger %s.%s.%s waits for the end of execution %s, which is over',
                                                        b.namespace, b.flow_id, b.trigger_id, b.execution_id),
        format('%s.%s.%s', b.namespace, b.flow_id, b.trigger_id), b.since
    from sluice.broken_triggers(older) b;
    return query
    select 'schedule_has_a_next_date', format('trigger %s.%s.%s would never fire again, and %s is a date of it', b.namespace,
                                              b.flow_id, b.trigger_id, b.date),
        format('%s.%s.%s', b.namespace, b.flow_id, b.trigger_id), b.since
    from sluice.dateless_triggers(older) b;
end $$;
comment on function sluice.invariants(interval, text) is
    'What must not be, and is, for longer than `older`: a sentence and the row''s id. Empty when all is well. Of executions
    those with ids above `after`: looking at all takes about a second for each million.';
