-- release_triggers: triggers may fire again whose execution is over.
-- $1 execution_ids text[]
-- ->
-- plan: triggers_execution_idx
update sluice.triggers
set waited_for = execution_id, released_at = now(), execution_id = null, updated_at = now()
where execution_id = any ((select $1::text[])::text[]);
