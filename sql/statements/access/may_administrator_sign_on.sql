-- may_administrator_sign_on: is there anybody whom an OpenID provider may let in, and who may administer users?
-- $1 issuer        text
-- $2 groups        text[]   whose members the provider decides
-- $3 default_role  text     of new users
-- $4 may_create    boolean  who logs in for the first time becomes a user
-- $5 may_link      boolean  … or the user of his name who was made by hand
-- -> boolean
with administering as (
    select r.role
    from sluice.roles r
    where r.capabilities && array['*:*', 'USER:*', '*:UPDATE', 'USER:UPDATE']
), administrators as (
    select b.username, b.group_name
    from sluice.role_bindings b
    join administering a using (role)
    where b.namespace = ''
)
select exists (
        select
        from sluice.users u
        where not u.disabled and (u.issuer = $1 or $5 and u.issuer is null)
            and exists (
                select
                from administrators a
                where a.username = u.username
                    or a.group_name in (select m.group_name from sluice.group_members m where m.username = u.username)))
    or exists (
        select
        from administrators a
        where a.group_name = any ($2)
            and ($4 or exists (select from sluice.users u where not u.disabled and u.issuer = $1)))
    or $4 and exists (select from administering a where a.role = $3);
