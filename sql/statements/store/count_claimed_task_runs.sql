-- count_claimed_task_runs: task runs that a worker has, by what their rows say.
-- $1 namespace    text      this one and those below, with a flow exactly this one; null: all
-- $2 flow_id      text      null: all
-- -> state, count
-- plan: small table, task_runs_pkey
select t.state, count(*)
from sluice.claims c
join sluice.task_runs t on t.execution_id = c.execution_id and t.id = c.task_run_id
where t.state in ('CREATED', 'RESTARTED')
    and ($1::text is null or t.namespace = $1 or ($2::text is null and starts_with(t.namespace, $1 || '.')))
    and ($2::text is null or t.flow_id = $2)
group by t.state;
