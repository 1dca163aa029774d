-- newest_line: when the newest executions wrote their last lines.
-- $1 below_id     text      executions from here on are left out
-- -> at (null: none did)
-- plan: executions_pkey, logs_pkey for each of a hundred
select max(l.at)
from (
    select x.id
    from sluice.executions x
    where x.id < $1
    order by x.id desc
    limit 100) e
cross join lateral (
    select y.at
    from sluice.logs y
    where y.execution_id = e.id
    order by y.seq desc
    limit 1) l;
