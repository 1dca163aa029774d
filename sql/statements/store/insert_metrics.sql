-- insert_metrics: metrics of tasks, a set at once.
-- $1.. arrays of equal length, in the order of the columns below
-- ->
insert into sluice.metrics (execution_id, at, namespace, flow_id, task_id, task_run_id, name, kind, value, tags)
select *
from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::double precision[], $10::jsonb[]);
