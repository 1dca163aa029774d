-- purge_plan: what a purge would take now.
-- $1 base         interval  of executions that no rule is about; null: for ever
-- $2 age          interval  instead of all rules but "for ever"; null: the rules
-- $3 namespace    text      null: all
-- $4 states       text[]    null: all
-- -> namespace text, state text, month text, executions bigint, oldest timestamptz, newest timestamptz, bytes bigint
select namespace, state, month, executions, oldest, newest, bytes
from sluice.purge_plan($1, $2, $3, $4);
