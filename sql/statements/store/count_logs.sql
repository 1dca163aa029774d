-- count_logs: how many lines of each level each task run of an execution has.
-- $1 execution_id text
-- -> task_run_id, level, lines, first_seq
-- plan: logs_pkey
select task_run_id, level, count(*), min(seq)
from sluice.logs
where execution_id = $1
group by task_run_id, level
order by min(seq);
