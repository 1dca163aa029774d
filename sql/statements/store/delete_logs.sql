-- delete_logs: lines of an execution.
-- $1 execution_id text
-- $2 min_level    integer
-- $3 task_id      text      null: of any
-- $4 task_run_id  text      null: of any
-- $5 attempt      integer   null: of any
-- ->
-- plan: logs_pkey
delete from sluice.logs
where execution_id = $1 and level >= $2::integer and ($3::text is null or task_id = $3)
    and ($4::text is null or task_run_id = $4) and ($5::integer is null or attempt = $5);
