-- delete_user: with his sessions, tokens and bindings.
-- $1 username     text
-- ->
delete from sluice.users
where username = $1;
