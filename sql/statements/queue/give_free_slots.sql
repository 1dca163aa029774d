-- give_free_slots: slots that are free go to the oldest that wait. lock_slots must come before, for these flows.
-- $1 older        interval
-- $2 flows        text[]   namespace/flow_id, those that are locked
-- -> execution_id text
with next as (
    select q.namespace, q.flow_id, q.seq, q.execution_id
    from sluice.free_slots($1) f
    cross join lateral (
        select q.*
        from sluice.queued_executions q
        where q.namespace = f.namespace and q.flow_id = f.flow_id
        order by q.seq
        limit f.free
        for update skip locked) q
    where f.namespace || '/' || f.flow_id = any ($2::text[])
), gone as (
    delete from sluice.queued_executions q
    using next n
    where q.namespace = n.namespace and q.flow_id = n.flow_id and q.seq = n.seq
    returning q.namespace, q.flow_id, q.execution_id
), taken as (
    insert into sluice.concurrency_slots (namespace, flow_id, execution_id)
    select namespace, flow_id, execution_id
    from gone
    on conflict do nothing
), event as (
    insert into sluice.execution_events (execution_id, kind)
    select execution_id, 'slot_given'
    from gone
)
select execution_id
from gone;
