-- note_failed_login: a wrong password. From the fifth in a row on, each locks the user twice as long as the one before:
-- 2 s, 4 s, up to a quarter of an hour.
-- $1 username     text
-- -> failed_logins bigint
update sluice.users
set failed_logins = failed_logins + 1,
    locked_until = case when failed_logins + 1 >= 5
        then now() + least(interval '15 minutes', interval '1 second' * power(2, least(failed_logins - 3, 12))) end
where username = $1
returning failed_logins::bigint;
