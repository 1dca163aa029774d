-- drop_broken_queued: executions that are over wait for no slot.
-- $1 older        interval
-- -> execution_id text
with broken as (
    select q.execution_id
    from sluice.queued_executions q
    where q.execution_id in (select b.execution_id from sluice.broken_queued($1) b)
    for update skip locked
)
delete from sluice.queued_executions q
using broken b
where q.execution_id = b.execution_id
returning q.execution_id;
