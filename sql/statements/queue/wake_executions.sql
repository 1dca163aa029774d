-- wake_executions: executions that nothing will ever wake get an event. What was lost decides which: the beginning, a
-- place in the queue, the end of a pause between attempts, a job; otherwise the execution looks for what is next.
-- $1 older        interval
-- $2 after        text     executions with ids in ($2, $3]
-- $3 upto         text
-- -> id text
-- plan: executions_pkey
with broken as (
    select e.id, e.state, e.namespace, e.flow_id, coalesce((e.progress ->> 'ordinal')::bigint, 0) as made
    from sluice.executions e
    where e.id = any (array(select b.id from sluice.broken_executions($1, $2, $3) b limit 1000))
        and e.id > $2 and e.id <= $3
    for update skip locked
), queued as (
    insert into sluice.queued_executions (namespace, flow_id, execution_id)
    select namespace, flow_id, id
    from broken
    where state = 'QUEUED'
    on conflict do nothing
), lost as (
    select b.id, r.id as task_run_id,
        case when r.state = 'RETRYING' then 'timer_fired' else 'worker_lost' end as kind,
        case when r.state = 'RETRYING'
             then jsonb_build_object('timer', 'retry', 'payload',
                      jsonb_build_object('attempt', coalesce(jsonb_array_length(r.attempts), 0)))
             else jsonb_build_object('epoch', r.epoch, 'worker', coalesce(r.worker_id, ''), 'claimedAt',
                      to_char(coalesce(r.started_at, r.created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
             end as payload
    from broken b
    join sluice.task_runs r on r.execution_id = b.id
    where b.state not in ('CREATED', 'QUEUED') and coalesce(r.progress, '{}') = '{}'
        and (r.state = 'RETRYING' or (r.epoch > 0 and r.state in ('CREATED', 'RESTARTED', 'RUNNING', 'KILLING')))
), event as (
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    select id, kind, task_run_id, payload
    from lost
    union all
    select b.id, case when b.state = 'CREATED' and b.made = 0 then 'started' else 'continued' end, null, null
    from broken b
    where b.state <> 'QUEUED' and not exists (select from lost l where l.id = b.id)
)
select id
from broken;
