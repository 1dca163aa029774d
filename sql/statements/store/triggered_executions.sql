-- triggered_executions: executions that flow triggers made because of some executions.
-- $1 execution_ids  text[]
-- -> id
-- plan: executions_triggering_idx
select e.id
from sluice.executions e
where e.trigger -> 'variables' ->> 'executionId' = any ($1::text[]) and e.caller_id is null;
