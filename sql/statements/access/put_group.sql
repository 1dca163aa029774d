-- put_group: a group, new or described anew.
-- $1 group_name   text
-- $2 description  text
-- ->
insert into sluice.groups (group_name, description)
values ($1, $2)
on conflict (group_name) do update
set description = excluded.description;
