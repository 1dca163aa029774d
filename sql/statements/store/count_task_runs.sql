-- count_task_runs: how many task runs there are, mostly from what is counted already.
-- $1 namespace    text      this one and those below, with a flow exactly this one; null: all
-- $2 flow_id      text      null: all
-- $3 states       text[]    null: all
-- -> count
select sluice.task_runs_total($1, $2, $3);
