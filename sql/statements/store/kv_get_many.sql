-- kv_get_many: keys that tasks asked for at the same time.
-- $1 namespaces   text[]
-- $2 keys         text[]  of the same length
-- -> place bigint (in the lists, from 1), the columns of kv_get
-- plan: kv_pkey, once for each (see load_lineage)
select a.place, k.namespace, k.key, k.kind, k.value, k.description, k.version, k.created_at, k.updated_at, k.expires_at,
    coalesce(k.expires_at < now(), false)
from unnest((select $1::text[]), $2::text[]) with ordinality as a(namespace, key, place)
join sluice.kv k on k.namespace = a.namespace and k.key = a.key;
