-- put_user: a user, new or with a new password; whoever was locked out is let in again.
-- $1 username      text
-- $2 password_hash text
-- ->
insert into sluice.users (username, password_hash)
values ($1, $2)
on conflict (username) do update
set password_hash = excluded.password_hash, failed_logins = 0, locked_until = null, updated_at = now();
