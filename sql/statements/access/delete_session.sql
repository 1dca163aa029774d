-- delete_session: a user logs out.
-- $1 token_hash   text
-- ->
delete from sluice.sessions
where token_hash = $1;
