-- put_role: a role of one's own; a built-in one stays as it is.
-- $1 role         text
-- $2 description  text
-- $3 capabilities text[]
-- ->
insert into sluice.roles as r (role, description, capabilities)
values ($1, $2, $3)
on conflict (role) do update
set description = excluded.description, capabilities = excluded.capabilities, updated_at = now()
where not r.builtin;
