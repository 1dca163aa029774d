-- grants_of: what a user may, by bindings of his own and of his groups; a row without a binding when he has none.
-- $1 username     text
-- -> disabled boolean, kind text, namespace text, capabilities text[]
select u.disabled, u.kind, b.namespace, r.capabilities
from sluice.users u
left join sluice.role_bindings b
    on b.username = u.username
    or b.group_name in (select m.group_name from sluice.group_members m where m.username = u.username)
left join sluice.roles r on r.role = b.role
where u.username = $1;
