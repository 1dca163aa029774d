-- session_user: whose session it is, while it lasts.
-- $1 token_hash   text
-- -> username text
select username
from sluice.sessions
where token_hash = $1 and expires_at > now();
