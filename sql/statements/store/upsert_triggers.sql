-- upsert_triggers: the trigger rows of a flow's new revision, with their first dates. A row whose definition did not
-- change keeps its dates.
-- $1 namespace, $2 flow_id, $3 flow_revision bigint
-- $4.. arrays of equal length: trigger_id, type, definition (checksum), polls, next_at, error,
--      upcoming (text of an array)
-- ->
insert into sluice.triggers as t (namespace, flow_id, trigger_id, flow_revision, type, definition, polls, planned, next_at,
    error, upcoming)
select $1, $2, u.trigger_id, $3, u.type, u.definition, u.polls, true, u.next_at, u.error, u.upcoming::timestamptz[]
from unnest($4::text[], $5::text[], $6::text[], $7::boolean[], $8::timestamptz[], $9::text[], $10::text[])
     as u(trigger_id, type, definition, polls, next_at, error, upcoming)
on conflict (namespace, flow_id, trigger_id) do update
set flow_revision = excluded.flow_revision, type = excluded.type, polls = excluded.polls, definition = excluded.definition,
    planned = t.planned or t.definition <> excluded.definition,
    resumed = t.resumed and t.definition = excluded.definition,
    next_at = case when t.definition = excluded.definition then t.next_at else excluded.next_at end,
    error = case when t.definition = excluded.definition then t.error else excluded.error end,
    backfill = case when t.definition = excluded.definition then t.backfill end,
    upcoming = excluded.upcoming, updated_at = now();
