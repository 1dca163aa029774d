-- fire_timers: timers that are due become events of their executions.
-- $1 max_timers   bigint
-- -> execution_id text
-- plan: timers_due_at_idx
with due as (
    select seq
    from sluice.timers
    where due_at <= now()
    order by due_at
    limit $1
    for update skip locked
), gone as (
    delete from sluice.timers
    where seq = any (array(select seq from due))
    returning execution_id, task_run_id, kind, payload, due_at, seq
), event as (
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    select execution_id, 'timer_fired', task_run_id, jsonb_build_object('timer', kind, 'payload', payload)
    from gone
    order by due_at, seq
)
select execution_id
from gone;
