-- lock_slots: counting, taking and handing on slots of a flow is done by one transaction at a time. A statement of its
-- own, so that the next one sees what the holder before committed.
-- $1 flows        text[]  namespace/flow_id, sorted by the caller: everybody locks in the same order
-- ->
select pg_advisory_xact_lock(hashtextextended(flow, 1))
from unnest($1::text[]) with ordinality as f(flow, n)
order by n;
