-- set_kill_switch: kills what runs, and what begins, of an execution, a flow or a namespace.
-- $1 namespace    text
-- $2 flow_id      text    '': all
-- $3 execution_id text    '': all
-- $4 reason       text
-- -> kill_switch_id bigint
select sluice.set_kill_switch($1, $2, $3, $4);
