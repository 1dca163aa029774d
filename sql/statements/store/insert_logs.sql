-- insert_logs: log lines, a set at once.
-- $1.. arrays of equal length, in the order of the columns below
-- ->
insert into sluice.logs (execution_id, at, level, namespace, flow_id, task_id, task_run_id, attempt, trigger_id, message)
select *
from unnest($1::text[], $2::timestamptz[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::smallint[], $9::text[], $10::text[]);
