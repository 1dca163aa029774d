-- related_executions: an execution, those that it started, and the one that started it; by a task or by a Flow trigger.
-- $1 execution_id text
-- $2 upwards      boolean   with the one that started it
-- $3 all          boolean   and what is related to those, and so on
-- $4 most         bigint
-- -> id, namespace, flow_id, state
-- plan: executions_pkey, executions_caller_idx, executions_triggering_idx
with recursive related as (
    select e.id, e.caller_id, e.trigger -> 'variables' ->> 'executionId' as cause, e.namespace, e.flow_id, e.state, true as is_first
    from sluice.executions e
    where e.id = $1
    union
    select n.id, n.caller_id, n.cause, n.namespace, n.flow_id, n.state, false
    from related r
    cross join lateral (
        select x.id, x.caller_id, x.trigger -> 'variables' ->> 'executionId' as cause, x.namespace, x.flow_id, x.state
        from sluice.executions x
        where x.caller_id = r.id
        union all
        select x.id, x.caller_id, x.trigger -> 'variables' ->> 'executionId', x.namespace, x.flow_id, x.state
        from sluice.executions x
        where x.trigger -> 'variables' ->> 'executionId' = r.id and x.caller_id is null
        union all
        select x.id, x.caller_id, x.trigger -> 'variables' ->> 'executionId', x.namespace, x.flow_id, x.state
        from sluice.executions x
        where $2 and x.id = coalesce(r.caller_id, r.cause)
    ) n
    where (r.is_first or $3) and n.id <> $1
)
select r.id, r.namespace, r.flow_id, r.state
from related r
limit $4;
