-- drop_broken_slots: slots whose owner is over. give_free_slots hands them on.
-- $1 older        interval
-- -> execution_id text
with broken as (
    select s.execution_id
    from sluice.concurrency_slots s
    where s.execution_id in (select b.execution_id from sluice.broken_slots($1) b)
    for update skip locked
)
delete from sluice.concurrency_slots s
using broken b
where s.execution_id = b.execution_id
returning s.execution_id;
