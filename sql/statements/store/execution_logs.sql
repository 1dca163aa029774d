-- execution_logs: the next log lines of an execution.
-- $1 execution_id text
-- $2 after_seq    bigint    0: from the first
-- $3 most         bigint
-- $4 min_level    integer
-- $5 task_id      text      null: of any
-- $6 task_run_id  text      null: of any
-- $7 attempt      integer   null: of any
-- $8 pattern      text      of the message; null: any
-- -> execution_id, seq, at, level, namespace, flow_id, task_id, task_run_id, attempt, trigger_id, message
-- plan: logs_pkey
select execution_id, seq, at, level, namespace, flow_id, task_id, task_run_id, attempt, trigger_id, message
from sluice.logs
where execution_id = $1 and seq > $2 and level >= $4::integer and ($5::text is null or task_id = $5)
    and ($6::text is null or task_run_id = $6) and ($7::integer is null or attempt = $7)
    and ($8::text is null or message ilike $8)
order by seq
limit $3;
