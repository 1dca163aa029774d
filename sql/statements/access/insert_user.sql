-- insert_user: a new user. No row: the name is taken.
-- $1 username      text
-- $2 password_hash text
-- $3 kind          text
-- $4 full_name     text
-- -> username text
insert into sluice.users (username, password_hash, kind, full_name)
values ($1, $2, $3, $4)
on conflict (username) do nothing
returning username;
