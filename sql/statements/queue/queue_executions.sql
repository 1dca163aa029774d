-- queue_executions: executions that wait for a slot of their flow.
-- $1.. arrays of equal length: namespace, flow_id, execution_id
-- ->
insert into sluice.queued_executions (namespace, flow_id, execution_id)
select *
from unnest($1::text[], $2::text[], $3::text[]);
