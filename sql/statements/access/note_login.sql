-- note_login: the right password: what was wrong before is forgotten.
-- $1 username     text
-- ->
update sluice.users
set failed_logins = 0, locked_until = null, last_login_at = now()
where username = $1 and (failed_logins > 0 or last_login_at is null or last_login_at < now() - interval '1 minute');
