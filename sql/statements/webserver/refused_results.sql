-- refused_results: results of workers that had lost their claims, the newest first.
-- $1 before       bigint    an id; null: from the newest
-- $2 most         bigint
-- -> id, task_run_id, execution_id, namespace, flow_id, task_id, epoch, service_id, state, refused_at
-- plan: refused_results_pkey
select r.id, r.task_run_id, r.execution_id, t.namespace, t.flow_id, t.task_id, r.epoch, r.service_id, r.state, r.refused_at
from sluice.refused_results r
left join sluice.task_runs t on t.execution_id = r.execution_id and t.id = r.task_run_id
where $1::bigint is null or r.id < $1
order by r.id desc
limit $2;
