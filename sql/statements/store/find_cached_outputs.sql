-- find_cached_outputs: what a task with a taskCache put out before.
-- $1 key  text
-- -> outputs jsonb
-- plan: task_cache_pkey
select outputs from sluice.task_cache where key = $1 and (expires_at is null or expires_at > now());
