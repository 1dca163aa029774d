-- kv_purge: keys that expired a day ago, a few at a time.
-- ->
-- plan: kv_expires_at_idx
delete from sluice.kv
where (namespace, key) in (
    select namespace, key from sluice.kv where expires_at < now() - interval '1 day' limit 1000);
