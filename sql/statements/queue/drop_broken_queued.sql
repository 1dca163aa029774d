-- drop_broken_queued: executions that are over wait for no slot.
-- $1 older        interval
-- -> execution_id text
delete from sluice.queued_executions q
using sluice.broken_queued($1) b
where q.namespace = b.namespace and q.flow_id = b.flow_id and q.seq = b.seq
returning q.execution_id;
