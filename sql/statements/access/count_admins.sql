-- count_admins: users who may everything everywhere and can log in.
-- -> admins bigint
select count(distinct u.username)
from sluice.users u
join sluice.role_bindings b
    on b.username = u.username
    or b.group_name in (select m.group_name from sluice.group_members m where m.username = u.username)
join sluice.roles r on r.role = b.role
where not u.disabled and u.kind = 'PERSON' and b.namespace = '' and '*:*' = any (r.capabilities);
