-- Acts on many, in SQL: a web server carries them out piece by piece, as it does for the page.

create or replace function sluice.start_operation(resource text, action text, members text[], options jsonb default '{}')
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    id text := sluice.new_id();
    each_once text[] := array(select distinct m from unnest(members) m where m is not null order by m);
begin
    -- What operators of the API may not: it asks for FLOW:UPDATE, FLOW:DELETE or EXECUTION:DELETE.
    if (start_operation.resource = 'flows' or action = 'delete')
        and not has_function_privilege(session_user, 'sluice.disable_flow(text,text)', 'execute') then
        raise exception 'role % may not change flows or delete: see sluice.let_operate', session_user
            using errcode = 'insufficient_privilege';
    end if;
    if start_operation.resource not in ('executions', 'flows', 'triggers') then
        raise exception 'there is no resource %: expected executions, flows or triggers', resource
            using errcode = 'invalid_parameter_value';
    end if;
    insert into sluice.operations (operation_id, resource, action, options, members, total, created_by, via)
    values (id, resource, action, options, each_once, cardinality(each_once), 'role ' || session_user, 'SQL');
    perform pg_notify('sluice_operations', '');
    return id;
end $$;
comment on function sluice.start_operation(text, text, text[], jsonb) is
    'Does the same to many: ids of executions, namespace/flow or namespace/flow/trigger. Returns the operation''s id.';

create or replace function sluice.cancel_operation(operation_id text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update sluice.operations o
    set state = 'CANCELLED', ended_at = clock_timestamp()
    where o.operation_id = cancel_operation.operation_id and o.ended_at is null;
    if not found then
        raise exception 'there is no operation % that is under way', operation_id using errcode = 'no_data_found';
    end if;
end $$;
comment on function sluice.cancel_operation(text) is 'Begins no further piece of an operation; what is done stays.';
