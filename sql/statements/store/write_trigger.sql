-- write_trigger: what a person changed of a trigger.
-- $1 namespace, $2 flow_id, $3 trigger_id
-- $4 disabled     boolean
-- $5 next_at      timestamptz
-- $6 last_at      timestamptz
-- $7 backfill     jsonb
-- $8 execution_id text      null: nothing holds it
-- $9 evaluating_at timestamptz  null: no worker evaluates it, and what one is about to tell is refused
-- $10 disabled_at timestamptz
-- $11 disabled_by text
-- ->
-- plan: triggers_pkey
update sluice.triggers
set disabled = $4, next_at = $5, last_at = $6, backfill = $7, execution_id = $8, evaluating_at = $9,
    worker_id = case when $9::timestamptz is not null then worker_id end, disabled_at = $10, disabled_by = $11,
    updated_at = now()
where namespace = $1 and flow_id = $2 and trigger_id = $3;
