-- logs_after: the log of an execution in order, a page at a time.
-- $1 execution_id text
-- $2 levels       int[]   empty: all
-- $3 task_ids     text[]  empty: all
-- $4 after        bigint  the last line that was seen; 0: from the beginning
-- $5 most         bigint
-- -> seq, at, level, task_id, task_run_id, attempt, message
-- plan: logs_pkey
select seq, at, level, task_id, task_run_id, attempt, message
from sluice.logs
where execution_id = $1 and seq > $4
    and (cardinality($2::int[]) = 0 or level = any ($2::int[]))
    and (cardinality($3::text[]) = 0 or task_id = any ($3::text[]))
order by seq
limit $5;
