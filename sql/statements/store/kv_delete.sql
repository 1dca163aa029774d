-- kv_delete: removes a key.
-- $1 namespace    text
-- $2 key          text
-- ->
delete from sluice.kv
where namespace = $1 and key = $2;
