-- namespace_plugin_defaults: of all namespaces that have some.
-- -> namespace, plugin_defaults jsonb, updated_at
-- plan: namespaces_defaults_idx
select namespace, plugin_defaults, updated_at
from sluice.namespaces
where plugin_defaults <> '[]';
