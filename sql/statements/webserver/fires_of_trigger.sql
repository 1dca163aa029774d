-- fires_of_trigger: what became of a trigger's latest dates.
-- $1 namespace, $2 flow_id, $3 trigger_id
-- $4 most         bigint
-- $5 run          text    the name of a backfill; '': the ordinary dates
-- -> scheduled_at, fate, reason, execution_id, state (of the execution), decided_at, refused bigint, refused_at
-- plan: fires_pkey
select scheduled_at, fate, reason, execution_id, execution_state, decided_at, refused::bigint, refused_at
from sluice.trigger_fires($1, $2, $3, $4::integer, $5);
