-- insert_task_logs: log lines that workers tell, kept only where the worker still holds the claim of that epoch.
-- $1.. arrays of equal length: execution_id, at, level, namespace, flow_id, task_id, task_run_id, attempt, message,
--      epoch, service_id
-- ->
-- plan: claims_pkey (see finish_claims)
insert into sluice.logs (execution_id, at, level, namespace, flow_id, task_id, task_run_id, attempt, message)
select u.execution_id, u.at, u.level, u.namespace, u.flow_id, u.task_id, u.task_run_id, u.attempt, u.message
from unnest((select $1::text[]), $2::timestamptz[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::smallint[], $9::text[], $10::bigint[], $11::text[]) with ordinality
    as u(execution_id, at, level, namespace, flow_id, task_id, task_run_id, attempt, message, epoch, service_id, n)
where (select pg_current_xact_id()) is not null  -- before a line has its number: who ships lines waits for transactions
    and u.epoch = (
        select c.epoch from sluice.claims c where c.task_run_id = u.task_run_id and concat(c.service_id) = u.service_id)
order by u.n;
