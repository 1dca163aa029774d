-- delete_binding: a role is taken away.
-- $1 binding_id   bigint
-- ->
delete from sluice.role_bindings
where binding_id = $1;
