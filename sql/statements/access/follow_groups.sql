-- follow_groups: makes a user a member of those groups, of some, that a provider says, and of no other of them. Groups that
-- are not there give nothing; others keep him.
-- $1 username     text
-- $2 followed     text[]
-- $3 wanted       text[]
-- -> missing text
with gone as (
    delete from sluice.group_members
    where username = $1 and group_name = any ($2) and group_name <> all ($3)
), come as (
    insert into sluice.group_members (group_name, username)
    select g.group_name, $1
    from sluice.groups g
    where g.group_name = any ($3)
    on conflict do nothing
)
select w
from unnest($3::text[]) as w
where not exists (select from sluice.groups g where g.group_name = w)
order by w;
