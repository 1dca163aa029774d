-- token_user: whose token it is, and how far it reaches; its use is noted, about once a minute.
-- $1 token_hash   text
-- -> username text, role text, capabilities text[], namespace text, left_seconds double precision
with used as (
    update sluice.api_tokens
    set last_used_at = now()
    where token_hash = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')
)
select t.username, t.role, r.capabilities, t.namespace,
    extract(epoch from t.expires_at - now())::double precision
from sluice.api_tokens t
left join sluice.roles r on r.role = t.role
where t.token_hash = $1 and (t.expires_at is null or t.expires_at > now());
