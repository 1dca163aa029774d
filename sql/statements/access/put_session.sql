-- put_session: a session of a user; sessions that are over go at the same time.
-- $1 token_hash   text
-- $2 username     text
-- $3 length       interval
-- $4 by_provider  boolean
-- ->
with gone as (
    delete from sluice.sessions where expires_at < now()
)
insert into sluice.sessions (token_hash, username, expires_at, by_provider)
values ($1, $2, now() + $3, $4);
