-- slots_of_flow: executions that hold a slot of a flow's limit, the oldest first.
-- $1 namespace, $2 flow_id
-- $3 most         bigint
-- -> execution_id, taken_at, state
-- plan: concurrency_slots_pkey
select s.execution_id, s.taken_at, (select e.state from sluice.executions e where e.id = s.execution_id)
from sluice.concurrency_slots s
where s.namespace = $1 and s.flow_id = $2
order by s.taken_at
limit $3;
