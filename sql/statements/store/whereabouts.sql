-- whereabouts: where to look for executions of some states, newest first; see the function.
-- $1 states       text[]    without SUCCESS
-- $2 namespace    text      this one and those below, with a flow exactly this one; null: all
-- $3 flow_id      text      null: all
-- $4 below_id     text      '~': from the newest
-- $5 most         integer
-- -> namespace, flow_id (both null: of all flows), lowest_id, end_id, found (0: not known)
-- plan: execution_counts_state_idx, small tables
select w.namespace, w.flow_id, w.lowest_id, w.end_id, w.found
from sluice.whereabouts($1, $2, $3, $4, $5) w;
