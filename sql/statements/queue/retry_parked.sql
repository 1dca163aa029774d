-- retry_parked: a parked event goes back into its queue.
-- $1 id           bigint
-- -> seq bigint of the event, or nothing: there is none of this id
select sluice.retry_parked(p.id)
from (select id from sluice.parked_events where id = $1 and queue = 'execution_events' for update) p;
