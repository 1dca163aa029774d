-- release_slots: executions are over: their slots go to the oldest that wait, one for each that is freed. lock_slots must
-- come before, in the same transaction.
-- $1 execution_ids text[]
-- -> execution_id text: has a slot now, and an event that tells it
with freed as (
    delete from sluice.concurrency_slots
    where execution_id = any ($1::text[])
    returning namespace, flow_id
), unqueued as (
    delete from sluice.queued_executions
    where execution_id = any ($1::text[])
), wanted as (
    select namespace, flow_id, count(*) as slots
    from freed
    group by namespace, flow_id
), next as (
    select q.namespace, q.flow_id, q.seq, q.execution_id
    from wanted w
    cross join lateral (
        select *
        from sluice.queued_executions q
        where q.namespace = w.namespace and q.flow_id = w.flow_id and q.execution_id <> all ($1::text[])
        order by q.seq
        limit w.slots
        for update skip locked
    ) q
), gone as (
    delete from sluice.queued_executions q
    using next n
    where q.namespace = n.namespace and q.flow_id = n.flow_id and q.seq = n.seq
    returning q.namespace, q.flow_id, q.execution_id
), taken as (
    insert into sluice.concurrency_slots (namespace, flow_id, execution_id)
    select namespace, flow_id, execution_id
    from gone
), event as (
    insert into sluice.execution_events (execution_id, kind)
    select execution_id, 'slot_given'
    from gone
)
select execution_id
from gone;
