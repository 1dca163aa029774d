-- tasks_with_metrics: tasks of a flow that have written metrics, also those that it no longer has.
-- $1 namespace    text
-- $2 flow_id      text
-- -> task_id
select distinct task_id
from sluice.metrics
where namespace = $1 and flow_id = $2
order by task_id
limit 1000;
