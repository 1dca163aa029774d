-- logs_to_ship: the next lines by number. The span is narrow, whatever the backlog.
-- $1 after        bigint
-- $2 upto         bigint
-- $3 min_level    integer
-- $4 most         bigint
-- -> execution_id, seq, at, level, namespace, flow_id, task_id, task_run_id, attempt, trigger_id, message
select execution_id, seq, at, level, namespace, flow_id, task_id, task_run_id, attempt, trigger_id, message
from sluice.logs
where seq > $1 and seq <= $2 and level >= $3::integer
order by seq
limit $4;
