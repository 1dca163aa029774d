-- delete_role: a role of one's own that nobody has.
-- $1 role         text
-- ->
delete from sluice.roles
where role = $1 and not builtin;
