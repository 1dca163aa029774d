-- change_user: what is null stays. A new password lets whoever was locked out in again.
-- $1 username      text
-- $2 password_hash text
-- $3 full_name     text
-- $4 disabled      boolean
-- ->
update sluice.users
set password_hash = coalesce($2, password_hash), full_name = coalesce($3, full_name), disabled = coalesce($4, disabled),
    failed_logins = case when $2 is null then failed_logins else 0 end,
    locked_until = case when $2 is null then locked_until end, updated_at = now()
where username = $1;
