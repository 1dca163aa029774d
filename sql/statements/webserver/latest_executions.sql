-- latest_executions: the newest execution of each of these flows.
-- $1 namespaces   text[]
-- $2 flow_ids     text[]    as long as the first
-- -> id
-- plan: executions_flow_idx of each partition, its last entry
select e.id
from unnest($1::text[], $2::text[]) as f(namespace, flow_id)
cross join lateral (
    select x.id
    from sluice.executions x
    where x.namespace = f.namespace and x.flow_id = f.flow_id and x.kind is null
    order by x.id desc
    limit 1
) as e;
