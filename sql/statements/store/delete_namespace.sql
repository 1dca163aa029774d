-- delete_namespace: forgets what a namespace says of itself; its flows stay.
-- $1 namespace    text
-- ->
delete from sluice.namespaces where namespace = $1;
