-- metric_names: names of metrics that a flow, or one of its tasks, has written.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 task_id      text      null: any
-- -> name
select distinct name
from sluice.metrics
where namespace = $1 and flow_id = $2 and ($3::text is null or task_id = $3)
order by name
limit 1000;
