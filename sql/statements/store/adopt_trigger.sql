-- adopt_trigger: a trigger of another installation goes on here where it was: its next date, if that is before the one that was
-- worked out here, is due first. Polling triggers have no dates.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 trigger_id   text
-- $4 next_at      timestamptz  null: the one that was worked out here
-- $5 last_at      timestamptz  null: not known
-- -> trigger_id text; no row: there is no such trigger
update sluice.triggers
set next_at = case when not polls then least(next_at, coalesce($4, next_at)) else next_at end,
    last_at = coalesce(last_at, $5), updated_at = now()
where namespace = $1 and flow_id = $2 and trigger_id = $3
returning trigger_id;
