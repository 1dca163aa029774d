-- board_now: executions that are not over, by state, whenever they began.
-- $1 states       text[]
-- $2 namespace    text      this one and those below; null: all
-- $3 flow_id      text      null: all
-- -> state, executions
-- plan: execution_counts_state_idx; executions_pkey of what is not counted yet
select c.state, sum(c.executions)::bigint
from sluice.count_now($1, $2, $3) c
group by c.state;
