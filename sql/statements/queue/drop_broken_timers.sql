-- drop_broken_timers: timers of executions that are over.
-- $1 older        interval
-- -> execution_id text
delete from sluice.timers t
using sluice.broken_timers($1) b
where t.seq = b.seq
returning t.execution_id;
