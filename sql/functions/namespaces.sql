-- What namespaces say of themselves may be changed in SQL as well: an update of sluice.namespaces does all that the API does.

create or replace function sluice.mark_namespace() returns trigger
language plpgsql as $$
begin
    new.updated_at := clock_timestamp();
    if tg_op = 'UPDATE' then
        -- A text that no longer says what the value is would be shown instead of it.
        if new.variables is distinct from old.variables and new.variables_source is not distinct from old.variables_source then
            new.variables_source := null;
        end if;
        if new.plugin_defaults is distinct from old.plugin_defaults
            and new.plugin_defaults_source is not distinct from old.plugin_defaults_source then
            new.plugin_defaults_source := null;
        end if;
    end if;
    return new;
end $$;
comment on function sluice.mark_namespace() is 'Of triggers: when a namespace changed, and whether its texts still say what it holds.';

create or replace function sluice.tell_namespaces() returns trigger
language plpgsql as $$
begin
    perform pg_notify('sluice_namespaces', '');
    return null;
end $$;
comment on function sluice.tell_namespaces() is 'Of triggers: servers look after plugin defaults before they read the next flow.';
