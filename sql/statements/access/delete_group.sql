-- delete_group: with its bindings.
-- $1 group_name   text
-- ->
delete from sluice.groups
where group_name = $1;
