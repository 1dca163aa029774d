-- aggregate_metric: a metric of a flow by time.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 task_id      text      null: any
-- $4 name         text
-- $5 unit         text      of date_trunc
-- $6 from         timestamptz
-- $7 until        timestamptz
-- $8 highest_id   text      above all ids of $7
-- -> at, sum, average, minimum, maximum
select date_trunc($5, m.at), sum(m.value), avg(m.value), min(m.value), max(m.value)
from sluice.metrics m
where m.namespace = $1 and m.flow_id = $2 and ($3::text is null or m.task_id = $3) and m.name = $4
    and m.at >= $6 and m.at <= $7 and m.execution_id < $8
group by 1
order by 1;
