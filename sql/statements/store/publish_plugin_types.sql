-- publish_plugin_types: store the types of plugins that a worker has; the last one to publish a type wins.
-- $1 types, $2 hashes, $3 documents  text[] of equal length
-- $4 service_id                      text
-- -> type text: of those that were there with another hash
with given as (
    select g.type, g.hash, g.document::jsonb as document
    from unnest($1::text[], $2::text[], $3::text[]) as g(type, hash, document)
), before as (
    select t.type from sluice.plugin_types t join given g on g.type = t.type and g.hash <> t.hash
), written as (
    insert into sluice.plugin_types (type, hash, document, published_by)
    select g.type, g.hash, g.document, $4
    from given g
    order by g.type
    on conflict (type) do update
    set hash = excluded.hash, document = excluded.document, published_by = excluded.published_by, published_at = now()
    where plugin_types.hash <> excluded.hash
)
select b.type from before b order by b.type;
