-- drop_broken_slots: slots whose owner is over. give_free_slots hands them on.
-- $1 older        interval
-- -> execution_id text
delete from sluice.concurrency_slots s
using sluice.broken_slots($1) b
where s.namespace = b.namespace and s.flow_id = b.flow_id and s.execution_id = b.execution_id
returning s.execution_id;
