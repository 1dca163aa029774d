-- plugin_defaults_stamp: changes whenever plugin defaults of some namespace do.
-- -> stamp text
-- plan: namespaces_defaults_idx
select md5(coalesce(string_agg(namespace || extract(epoch from updated_at), ' ' order by namespace), ''))
from sluice.namespaces
where plugin_defaults <> '[]';
