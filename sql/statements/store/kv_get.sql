-- kv_get: one key.
-- $1 namespace    text
-- $2 key          text
-- -> namespace, key, kind, value, description, version, created_at, updated_at, expires_at, expired
select namespace, key, kind, value, description, version, created_at, updated_at, expires_at,
    coalesce(expires_at < now(), false)
from sluice.kv
where namespace = $1 and key = $2;
