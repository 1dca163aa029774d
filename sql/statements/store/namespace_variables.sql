-- namespace_variables: the variables that expressions of a namespace see, from the nearest namespace to the farthest.
-- $1 namespaces   text[]   it and those above it
-- -> variables jsonb
-- plan: namespaces_pkey
select n.variables
from unnest($1::text[]) with ordinality as w(namespace, distance)
join sluice.namespaces n on n.namespace = w.namespace
where n.variables <> '{}'
order by w.distance;
