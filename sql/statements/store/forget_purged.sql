-- forget_purged: their files are removed.
-- $1 execution_ids text[]
-- ->
delete from sluice.purged_executions
where execution_id = any ($1::text[]);
