-- upsert_triggers: the trigger rows of a flow's new revision. A row whose definition did not change keeps its dates; any
-- other is planned anew by the scheduler.
-- $1 namespace, $2 flow_id, $3 flow_revision bigint
-- $4.. arrays of equal length: trigger_id, type, definition (checksum), polls
-- ->
insert into sluice.triggers as t (namespace, flow_id, trigger_id, flow_revision, type, definition, polls)
select $1, $2, u.trigger_id, $3, u.type, u.definition, u.polls
from unnest($4::text[], $5::text[], $6::text[], $7::boolean[]) as u(trigger_id, type, definition, polls)
on conflict (namespace, flow_id, trigger_id) do update
set flow_revision = excluded.flow_revision, type = excluded.type, polls = excluded.polls, definition = excluded.definition,
    planned = t.planned and t.definition = excluded.definition,
    backfill = case when t.definition = excluded.definition then t.backfill end,
    updated_at = now();
