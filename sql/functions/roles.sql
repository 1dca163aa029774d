-- A role that only runs servers, beside the one that owns the schema and migrates it.

create or replace function sluice.let_serve(role_name name) returns void
language plpgsql as $$
begin
    execute format('grant usage on schema sluice to %I', role_name);
    execute format('grant select, insert, update, delete on all tables in schema sluice to %I', role_name);
    execute format('grant usage, select, update on all sequences in schema sluice to %I', role_name);
    execute format('grant execute on all functions in schema sluice to %I', role_name);
    -- What later migrations make, too: they run as the caller of this.
    execute format('alter default privileges in schema sluice grant select, insert, update, delete on tables to %I', role_name);
    execute format('alter default privileges in schema sluice grant usage, select, update on sequences to %I', role_name);
    execute format('alter default privileges in schema sluice grant execute on functions to %I', role_name);
end $$;
comment on function sluice.let_serve(name) is 'Grants a role what servers need, and not the schema itself: call it as the role that migrates. sluice migrate --grant ROLE does.';
