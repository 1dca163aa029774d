-- forget_cached_outputs: what has expired, a few at a time.
-- ->
-- plan: task_cache_expires_at_idx
delete from sluice.task_cache
where key in (select key from sluice.task_cache where expires_at < now() order by expires_at limit 1000);
