-- drop_broken_timers: timers of executions that are over.
-- $1 older        interval
-- -> execution_id text
with broken as (
    select t.seq
    from sluice.timers t
    where t.seq in (select b.seq from sluice.broken_timers($1) b)
    for update skip locked
)
delete from sluice.timers t
using broken b
where t.seq = b.seq
returning t.execution_id;
