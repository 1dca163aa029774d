-- count_by_state: how many executions there are, mostly from what is counted already.
-- $1 from         timestamptz
-- $2 namespace    text      this one and those below, with a flow exactly this one; null: all
-- $3 flow_id      text      null: all
-- $4 states       text[]    null: all
-- -> count
select coalesce(sum(c.executions), 0)::bigint
from sluice.executions_counted($1, now() + interval '1 hour', $2, $3, $4) c;
