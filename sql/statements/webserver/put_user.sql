-- put_user: a user, new or with a new password.
-- $1 username      text
-- $2 password_hash text
-- ->
insert into sluice.users (username, password_hash)
values ($1, $2)
on conflict (username) do update
set password_hash = excluded.password_hash, updated_at = now();
