-- delete_secret: a secret of a namespace goes.
-- $1 namespace    text
-- $2 key          text
-- ->
delete from sluice.secrets
where namespace = $1 and key = $2;
