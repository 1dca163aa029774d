-- delete_sessions_of: a user is logged out everywhere, but for one session.
-- $1 username     text
-- $2 kept         text    the hash of its cookie; '': none
-- ->
delete from sluice.sessions
where username = $1 and token_hash <> $2;
