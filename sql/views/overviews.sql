-- What people with psql look at. These views are promises: columns are added at the end, never taken away.

create or replace view sluice.execution_overview as
select e.id, e.namespace, e.flow_id, e.flow_revision, e.state, e.created_at, e.started_at, e.ended_at,
    coalesce(e.ended_at, now()) - e.created_at as duration,
    e.labels || jsonb_build_object('system.correlationId', coalesce(e.labels ->> 'system.correlationId', e.id)) as labels,
    e.inputs, e.outputs, e.trigger, e.parent_id, coalesce(e.original_id, e.id) as original_id, e.caller_id, e.attempt,
    e.schedule_date, sluice.states(e.history, e.state, e.created_at, e.started_at, e.ended_at) as states
from sluice.executions e;
comment on view sluice.execution_overview is 'One row an execution. Newest first: order by id desc.';

-- A claim is what makes a task run RUNNING: its own row tells that only when the result is there.
create or replace view sluice.task_run_overview as
select t.id, t.execution_id, t.namespace, t.flow_id, t.task_id, t.value, t.iteration, t.parent_id,
    case when c.task_run_id is not null and t.state in ('CREATED', 'RESTARTED') then 'RUNNING' else t.state end as state,
    t.created_at,
    coalesce(case when c.task_run_id is not null and t.state in ('CREATED', 'RESTARTED') then c.claimed_at end, t.started_at) as started_at,
    t.ended_at,
    coalesce(t.ended_at, now()) - coalesce(c.claimed_at, t.started_at, t.created_at) as duration,
    coalesce(c.service_id, t.worker_id) as worker_id,
    case when t.attempts is not null then jsonb_array_length(t.attempts) when t.started_at is not null then 1 else 0 end as attempts,
    t.epoch, t.outputs
from sluice.task_runs t
left join sluice.claims c on c.task_run_id = t.id;
comment on view sluice.task_run_overview is 'One row a task run.';

create or replace view sluice.queue_depth as
select 'execution_events' as queue, '' as worker_group, count(*) as depth, now() - min(created_at) as oldest
from sluice.execution_events
union all
select 'jobs', worker_group, count(*), now() - min(created_at)
from sluice.jobs
group by worker_group
union all
select 'claims', worker_group, count(*), now() - min(claimed_at)
from sluice.claims
group by worker_group
union all
select 'timers', '', count(*) filter (where due_at <= now()), now() - min(due_at) filter (where due_at <= now())
from sluice.timers
union all
select 'queued_executions', '', count(*), now() - min(queued_at)
from sluice.queued_executions
union all
select 'parked_events', '', count(*), now() - min(parked_at)
from sluice.parked_events;
comment on view sluice.queue_depth is 'How much waits in each queue, and for how long. Of timers: those that are due.';

create or replace view sluice.claim_overview as
select c.task_run_id, c.execution_id, t.namespace, t.flow_id, t.task_id, c.epoch, c.service_id, s.host, s.pid, c.worker_group,
    c.claimed_at, now() - c.claimed_at as age, c.cancelled, s.lease_until > now() as worker_is_alive
from sluice.claims c
left join sluice.task_runs t on t.execution_id = c.execution_id and t.id = c.task_run_id
left join sluice.services s on s.service_id = c.service_id;
comment on view sluice.claim_overview is 'What workers are doing now.';

create or replace view sluice.service_overview as
select s.service_id, s.roles,
    case when s.state in ('RUNNING', 'DRAINING') and s.lease_until < now() then 'DISCONNECTED' else s.state end as state,
    s.host, s.pid, s.version, s.worker_group, s.slots,
    (select count(*) from sluice.claims c where c.service_id = s.service_id) as running,
    s.started_at, s.heartbeat_at, now() - s.heartbeat_at as silent_for, s.ended_at,
    (select string_agg(l.role, ', ') from sluice.leadership l where l.service_id = s.service_id) as leads,
    (s.details ->> 'refused_results')::bigint as refused_results,
    (s.details ->> 'refused_lines')::bigint as refused_lines,
    (s.details ->> 'refused_metrics')::bigint as refused_metrics,
    (s.details ->> 'refused_beats')::bigint as refused_beats,
    (s.details ->> 'spooled_bytes')::bigint as spooled_bytes
from sluice.services s;
comment on view sluice.service_overview is
    'Processes of the cluster, also those that ended. Refused is what one told in the name of a claim or a lease that it had lost.';

-- The queue of a plugin's type is group!type: its jobs wait for workers of the group that have the plugin.
create or replace view sluice.worker_group_overview as
with live as (
    select s.worker_group, count(*) as workers, sum(s.slots)::bigint as slots, array_agg(distinct s.host order by s.host) as hosts
    from sluice.services s
    where 'worker' = any (s.roles) and s.state = 'RUNNING' and s.lease_until > now()
    group by s.worker_group
), waiting as (
    select split_part(j.worker_group, '!', 1) as worker_group, count(*) as waiting, now() - min(j.created_at) as oldest
    from sluice.jobs j
    group by 1
), running as (
    select split_part(c.worker_group, '!', 1) as worker_group, count(*) as running
    from sluice.claims c
    group by 1
)
select worker_group, coalesce(l.workers, 0) as workers, coalesce(l.slots, 0) as slots, coalesce(l.hosts, '{}') as hosts,
    coalesce(r.running, 0) as running, coalesce(w.waiting, 0) as waiting, w.oldest, w.waiting > 0 and l.workers is null as is_stranded
from live l
full join waiting w using (worker_group)
full join running r using (worker_group);
comment on view sluice.worker_group_overview is
    'Worker groups: live workers, what they do, and what waits for them. Stranded: work waits, and no worker of the group is alive.';

create or replace view sluice.trigger_overview as
select t.namespace, t.flow_id, t.trigger_id, t.type, t.disabled, t.next_at, t.next_at - now() as due_in, t.last_at,
    t.execution_id, t.evaluating_at, t.backfill, t.error,
    f.fate as last_fate, t.disabled_at, t.disabled_by
from sluice.triggers t
left join lateral (
    select x.fate
    from sluice.fires x
    where x.namespace = t.namespace and x.flow_id = t.flow_id and x.trigger_id = t.trigger_id and x.run = ''
    order by x.scheduled_at desc
    limit 1) f on true;
comment on view sluice.trigger_overview is 'Triggers with their next and last dates; last_fate is of the newest ordinary date, not of a backfill.';

create or replace view sluice.stuck as
select 'parked event' as what, p.execution_id as id, p.error as why, p.parked_at as since
from sluice.parked_events p
union all
select 'job without a worker', j.task_run_id,
    format('no worker of group %L is alive%s', split_part(j.worker_group, '!', 1),
           case when strpos(j.worker_group, '!') > 0
                then ' that has the plugin of ' || split_part(j.worker_group, '!', 2) else '' end), j.created_at
from sluice.jobs j
where not sluice.has_worker(j.worker_group)
union all
select 'events without an executor', v.execution_id, 'no executor is alive', v.created_at
from sluice.execution_events v
where not exists (select from sluice.services s where s.state = 'RUNNING' and s.lease_until > now()
                      and 'executor' = any (s.roles))
union all
select 'overdue trigger', t.namespace || '.' || t.flow_id || '.' || t.trigger_id, 'its date has passed and nothing fired', t.next_at
from sluice.triggers t
where t.next_at < now() - interval '1 minute' and not t.disabled and t.execution_id is null
union all
select 'slot without an execution', s.execution_id, format('flow %s.%s', s.namespace, s.flow_id), s.taken_at
from sluice.concurrency_slots s
left join sluice.executions e on e.id = s.execution_id
where e.id is null;
comment on view sluice.stuck is 'What does not go on by itself. Empty when all is well.';

create or replace view sluice.operation_overview as
select o.operation_id, o.resource, o.action, o.options, o.state, o.total, o.done, o.failed, o.created_by, o.created_at, o.turn_at,
    o.ended_at, o.error
from sluice.operations o;
comment on view sluice.operation_overview is 'Acts on many. Newest first: order by operation_id desc; reasons: operation_failures.';

create or replace view sluice.flow_overview as
select f.namespace, f.flow_id, f.revision, f.disabled, f.definition ->> 'description' as description, f.labels, f.problem,
    f.created_at, f.created_by
from sluice.flows f
where f.latest and not f.deleted;
comment on view sluice.flow_overview is 'Flows, in their newest revision; problem: why it can''t be read.';

create or replace view sluice.log_overview as
select l.at, (array['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'])[l.level + 1] as level, l.namespace, l.flow_id, l.execution_id,
    l.task_id, l.task_run_id, l.attempt, l.trigger_id, l.message, l.seq
from sluice.logs l;
comment on view sluice.log_overview is 'Lines of executions and triggers. In their order: order by execution_id, seq.';

create or replace view sluice.concurrency_overview as
select f.namespace, f.flow_id, (f.definition -> 'concurrency' ->> 'limit')::bigint as "limit",
    coalesce(f.definition -> 'concurrency' ->> 'behavior', 'QUEUE') as behavior,
    (select count(*) from sluice.concurrency_slots s where s.namespace = f.namespace and s.flow_id = f.flow_id) as running,
    (select count(*) from sluice.queued_executions q where q.namespace = f.namespace and q.flow_id = f.flow_id) as queued
from sluice.flows f
where f.latest and not f.deleted and jsonb_typeof(f.definition -> 'concurrency' -> 'limit') = 'number';
comment on view sluice.concurrency_overview is 'Flows with a limit of executions at the same time: how many hold a slot, and how many wait.';

create or replace view sluice.slot_overview as
select s.namespace, s.flow_id, s.execution_id, 'HOLDS' as what, s.taken_at as since,
    (select e.state from sluice.executions e where e.id = s.execution_id) as state
from sluice.concurrency_slots s
union all
select q.namespace, q.flow_id, q.execution_id, 'WAITS', q.queued_at,
    (select e.state from sluice.executions e where e.id = q.execution_id)
from sluice.queued_executions q;
comment on view sluice.slot_overview is 'Which executions hold a slot of their flow''s concurrency limit, and which wait for one.';

select sluice.renew_rights();  -- also of the views above
