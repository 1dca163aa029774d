-- queued_of_flow: executions that wait for a slot of a flow's limit, the next one first.
-- $1 namespace, $2 flow_id
-- $3 most         bigint
-- -> execution_id, queued_at, total
-- plan: queued_executions_pkey
select q.execution_id, q.queued_at, count(*) over ()
from sluice.queued_executions q
where q.namespace = $1 and q.flow_id = $2
order by q.seq
limit $3;
