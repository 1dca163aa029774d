-- put_binding: a role for a user or a group. No row: he has it.
-- $1 username     text
-- $2 group_name   text
-- $3 role         text
-- $4 namespace    text
-- -> binding_id bigint
insert into sluice.role_bindings (username, group_name, role, namespace)
select $1, $2, $3, $4
where not exists (
    select from sluice.role_bindings b
    where b.username is not distinct from $1 and b.group_name is not distinct from $2 and b.role = $3 and b.namespace = $4)
returning binding_id;
