-- flow_dependencies: which flow starts which: by a task, or by a Flow trigger that listens to it.
-- $1 most         bigint
-- -> source_namespace, source_flow, target_namespace, target_flow, relation (FLOW_TASK, FLOW_TRIGGER), known (is the
--    other flow there?)
with live as (
    select f.namespace, f.flow_id, f.definition
    from sluice.flows f
    where f.latest and not f.deleted
), called as (
    select distinct l.namespace as source_namespace, l.flow_id as source_flow,
        task ->> 'namespace' as target_namespace, task ->> 'flowId' as target_flow
    from live l,
        jsonb_path_query(l.definition, 'strict $.** ? (@.type like_regex "(Subflow|ForEachItem|flows\\.Flow)$" && exists(@.flowId))') as task
    where position('{{' in concat(task ->> 'namespace', task ->> 'flowId')) = 0
), heard as (
    select distinct watched ->> 'namespace' as source_namespace, watched ->> 'flowId' as source_flow,
        l.namespace as target_namespace, l.flow_id as target_flow
    from live l,
        jsonb_path_query(l.definition, '$.triggers[*] ? (@.type like_regex "trigger\\.Flow$")') as trigger,
        jsonb_path_query(trigger, 'strict $.** ? (exists(@.namespace) && exists(@.flowId))') as watched
    where jsonb_typeof(watched -> 'namespace') = 'string' and jsonb_typeof(watched -> 'flowId') = 'string'
), edges as (
    select c.*, 'FLOW_TASK' as relation, c.target_namespace as other_namespace, c.target_flow as other_flow
    from called c
    union all
    select h.*, 'FLOW_TRIGGER', h.source_namespace, h.source_flow
    from heard h
)
select e.source_namespace, e.source_flow, e.target_namespace, e.target_flow, e.relation,
    exists (select from live l where l.namespace = e.other_namespace and l.flow_id = e.other_flow)
from edges e
order by 1, 2, 3, 4, 5
limit $1;
