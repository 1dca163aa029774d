-- unknown_plugin_types: types of plugins that were published, but for those that are known with that hash.
-- $1 types   text[]
-- $2 hashes  text[]
-- -> type text, hash text, document text
select t.type, t.hash, t.document::text
from sluice.plugin_types t
where not exists (
    select from unnest($1::text[], $2::text[]) as k(type, hash) where k.type = t.type and k.hash = t.hash)
order by t.type;
