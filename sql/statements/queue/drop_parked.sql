-- drop_parked: a parked event is thrown away.
-- $1 id           bigint
-- -> dropped boolean: true, or nothing: there is none of this id
select sluice.drop_parked(p.id)
from (select id from sluice.parked_events where id = $1 for update) p;
