-- finish_poll: what a worker found, if the trigger is still its own. What it started holds the trigger until its end.
-- $1 namespace, $2 flow_id, $3 trigger_id
-- $4 worker_id      text
-- $5 evaluating_at  timestamptz  when it was taken
-- $6 interval       interval     from the evaluation, when it started something, else from now
-- $7 execution_id   text         null: nothing holds it
-- $8 fired          boolean
-- $9 error          text         null: it went well
-- $10 memory        jsonb        for the next evaluation; null: as it was
-- -> trigger_id; no row: it belongs to another, and nothing may follow
-- plan: triggers_pkey
update sluice.triggers
set worker_id = null, evaluating_at = null, last_at = $5, next_at = case when $8 then $5 else now() end + $6,
    execution_id = $7, error = $9, memory = coalesce($10, memory), updated_at = now()
where namespace = $1 and flow_id = $2 and trigger_id = $3 and worker_id = $4 and evaluating_at = $5
returning trigger_id;
