-- namespace_rows: what namespaces say of themselves, those of them that say anything, in the order that they are asked for.
-- $1 namespaces   text[]
-- -> namespace, description, variables jsonb, variables_source, plugin_defaults jsonb, plugin_defaults_source, created_at, updated_at
-- plan: namespaces_pkey
select n.namespace, n.description, n.variables, n.variables_source, n.plugin_defaults, n.plugin_defaults_source, n.created_at,
    n.updated_at
from unnest($1::text[]) with ordinality as w(namespace, place)
join sluice.namespaces n on n.namespace = w.namespace
order by w.place;
