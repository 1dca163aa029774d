-- bind_first_admin: the first user, and whoever is configured, is an administrator, and not disabled.
-- $1 username     text
-- ->
with bound as (
    insert into sluice.role_bindings (username, role)
    select $1, 'admin'
    where not exists (select from sluice.role_bindings b where b.username = $1 and b.role = 'admin' and b.namespace = '')
)
update sluice.users set disabled = false where username = $1 and disabled;
