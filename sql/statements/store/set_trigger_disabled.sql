-- set_trigger_disabled: a task switches a trigger off or on. When it goes on again, the scheduler works out which of the
-- dates that passed meanwhile still run.
-- $1 namespace, $2 flow_id, $3 trigger_id, $4 disabled boolean
-- $5 by        text
-- -> trigger_id; no row: there is none
-- plan: triggers_pkey
update sluice.triggers
set disabled = $4,
    disabled_at = case when not $4 then null when disabled then disabled_at else now() end,
    disabled_by = case when not $4 then null when disabled then disabled_by else $5::text end,
    planned = planned and ($4 or not disabled), resumed = resumed or (disabled and not $4), updated_at = now()
where namespace = $1 and flow_id = $2 and trigger_id = $3
returning trigger_id;
