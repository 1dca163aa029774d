-- insert_task_metrics: metrics that workers tell, kept only where the worker still holds the claim of that epoch.
-- $1.. arrays of equal length: execution_id, at, namespace, flow_id, task_id, task_run_id, name, kind, value, tags, epoch,
--      service_id
-- ->
-- plan: claims_pkey (see finish_claims)
insert into sluice.metrics (execution_id, at, namespace, flow_id, task_id, task_run_id, name, kind, value, tags)
select u.execution_id, u.at, u.namespace, u.flow_id, u.task_id, u.task_run_id, u.name, u.kind, u.value, u.tags
from unnest((select $1::text[]), $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::double precision[], $10::jsonb[], $11::bigint[], $12::text[])
    as u(execution_id, at, namespace, flow_id, task_id, task_run_id, name, kind, value, tags, epoch, service_id)
where u.epoch = (
    select c.epoch from sluice.claims c where c.task_run_id = u.task_run_id and concat(c.service_id) = u.service_id);
