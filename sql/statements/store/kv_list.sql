-- kv_list: the keys of a namespace that have not expired.
-- $1 namespace    text
-- $2 prefix       text
-- -> namespace, key, kind, value, description, version, created_at, updated_at, expires_at, expired
select namespace, key, kind, value, description, version, created_at, updated_at, expires_at, false
from sluice.kv
where namespace = $1 and starts_with(key, $2) and (expires_at is null or expires_at > now())
order by key;
