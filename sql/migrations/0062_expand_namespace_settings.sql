-- 0062_expand_namespace_settings.sql: variables and plugin defaults of namespaces, as their authors wrote them.

alter table sluice.namespaces
    add column variables_source       text,   -- YAML, byte for byte; null: the value came as JSON or by SQL
    add column plugin_defaults_source text,
    add constraint namespaces_variables_are_a_map check (jsonb_typeof(variables) = 'object'),
    add constraint namespaces_plugin_defaults_are_a_list check (jsonb_typeof(plugin_defaults) = 'array');

-- Every process looks here for changes; mostly only few namespaces have any.
create index namespaces_defaults_idx on sluice.namespaces (namespace, updated_at) where plugin_defaults <> '[]';

-- The bodies of these two come with functions/namespaces.sql, in the same migration.
create function sluice.mark_namespace() returns trigger language plpgsql as $$ begin return new; end $$;
create function sluice.tell_namespaces() returns trigger language plpgsql as $$ begin return null; end $$;

create trigger namespaces_mark before insert or update on sluice.namespaces for each row
    execute function sluice.mark_namespace();
create trigger namespaces_tell after insert or update or delete on sluice.namespaces for each statement
    execute function sluice.tell_namespaces();
create trigger namespaces_audit after insert or update or delete on sluice.namespaces for each row
    execute function sluice.note_change('NAMESPACE', 'namespace', 'variables_source,plugin_defaults_source,created_at,updated_at');
