-- rename_user: the full name as the provider has it now.
-- $1 username     text
-- $2 full_name    text
-- ->
update sluice.users
set full_name = $2, updated_at = now()
where username = $1 and full_name is distinct from $2;
