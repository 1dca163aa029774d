-- set_members: who is in a group.
-- $1 group_name   text
-- $2 usernames    text[]
-- ->
with gone as (
    delete from sluice.group_members where group_name = $1 and username <> all ($2)
)
insert into sluice.group_members (group_name, username)
select $1, u
from unnest($2::text[]) as u
on conflict do nothing;
