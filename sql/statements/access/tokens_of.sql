-- tokens_of: the tokens of a user, newest first.
-- $1 username     text
-- -> token_id bigint, name text, beginning text, role text, namespace text, created_at timestamptz, expires_at timestamptz, last_used_at timestamptz
select token_id, name, beginning, role, namespace, created_at, expires_at, last_used_at
from sluice.api_tokens
where username = $1
order by token_id desc
limit 1000;
