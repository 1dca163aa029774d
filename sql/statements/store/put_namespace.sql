-- put_namespace: all that a namespace says of itself.
-- $1 namespace              text
-- $2 description            text    or NULL
-- $3 variables              jsonb
-- $4 variables_source       text    or NULL
-- $5 plugin_defaults        jsonb
-- $6 plugin_defaults_source text    or NULL
-- -> created_at, updated_at
insert into sluice.namespaces as n (namespace, description, variables, variables_source, plugin_defaults, plugin_defaults_source)
values ($1, $2, $3, $4, $5, $6)
on conflict on constraint namespaces_pkey do update
set description = excluded.description, variables = excluded.variables, variables_source = excluded.variables_source,
    plugin_defaults = excluded.plugin_defaults, plugin_defaults_source = excluded.plugin_defaults_source
returning created_at, updated_at;
