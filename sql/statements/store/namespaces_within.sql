-- namespaces_within: namespaces that have, or had, flows: these and those below them.
-- $1 namespaces   text[]
-- -> namespace
-- plan: flows_pkey, a step for each namespace
with recursive names as (
    (select f.namespace from sluice.flows f order by f.namespace limit 1)
    union all
    select (select f.namespace from sluice.flows f where f.namespace > n.namespace order by f.namespace limit 1)
    from names n
    where n.namespace is not null
)
select n.namespace
from names n
where exists (select from unnest($1::text[]) as w(namespace)
              where n.namespace = w.namespace or starts_with(n.namespace, w.namespace || '.'));
