-- find_secret: the secret of the nearest namespace that has one of this name.
-- $1 namespaces   text[]    from the nearest to the farthest
-- $2 key          text
-- -> namespace text, sealed text, key_id text
-- plan: secrets_pkey
select s.namespace, s.sealed, s.key_id
from unnest($1::text[]) with ordinality as n(namespace, distance)
join sluice.secrets s on s.namespace = n.namespace and s.key = $2
order by n.distance
limit 1;
