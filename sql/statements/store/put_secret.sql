-- put_secret: a secret of a namespace, new or with a new value.
-- $1 namespace    text
-- $2 key          text
-- $3 sealed       text
-- $4 key_id       text
-- $5 description  text
-- ->
insert into sluice.secrets as s (namespace, key, sealed, key_id, description)
values ($1, $2, $3, $4, $5)
on conflict (namespace, key) do update
set sealed = excluded.sealed, key_id = excluded.key_id, description = coalesce(excluded.description, s.description),
    updated_at = now();
