-- kv_set: writes a key. One that has expired counts as absent.
-- $1 namespace, $2 key, $3 kind, $4 value jsonb, $5 description, $6 ttl interval, $7 overwrite boolean
-- -> version bigint; nothing: it is there and was not to be overwritten
insert into sluice.kv as k (namespace, key, kind, value, description, expires_at)
values ($1, $2, $3, $4::jsonb, $5, now() + $6::interval)
on conflict (namespace, key) do update
set kind = excluded.kind, value = excluded.value, description = coalesce(excluded.description, k.description),
    expires_at = excluded.expires_at, version = k.version + 1, updated_at = now()
where $7 or k.expires_at < now()
returning version;
