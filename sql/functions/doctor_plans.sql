-- How would the database run the servers' statements today? Statistics of an empty queue, or of none, make it read whole
-- tables. A generic plan is asked for: parameters are not known here, and servers keep such plans too.

create or replace function sluice.plan_of(statement text) returns jsonb
language plpgsql as $$
declare
    plan jsonb;
    arguments text;
    mode text := current_setting('plan_cache_mode');
begin
    if exists (select from pg_prepared_statements where name = 'sluice_plan_of') then
        deallocate sluice_plan_of;
    end if;
    execute 'prepare sluice_plan_of as ' || statement;
    select string_agg('null', ', ') into arguments
    from pg_prepared_statements p, unnest(p.parameter_types)
    where p.name = 'sluice_plan_of';
    perform set_config('plan_cache_mode', 'force_generic_plan', true);
    execute 'explain (format json) execute sluice_plan_of' || coalesce('(' || arguments || ')', '') into plan;
    perform set_config('plan_cache_mode', mode, true);
    deallocate sluice_plan_of;
    return plan;
end $$;
comment on function sluice.plan_of(text) is 'How the database would run a statement with parameters; nothing is run.';

create or replace function sluice.doctor_plans(smallest_pages integer default 1000)
returns table ("check" text, severity text, finding text, remedy text)
language plpgsql as $$
#variable_conflict use_column
declare
    hot record;
    plan jsonb;
    reads text[];
    sorted double precision;
    asked integer := 0;
    refused text;
    troubled boolean := false;
begin
    for hot in select * from sluice.hot_statements() loop
        begin
            plan := sluice.plan_of(hot.statement);
        exception when others then
            refused := coalesce(refused, format('%s: %s', hot.name, sqlerrm));
            continue;
        end;
        asked := asked + 1;
        -- A small table is read faster as a whole than by its index.
        select array_agg(distinct format('sluice.%I', c.relname)) into reads
        from jsonb_path_query(plan, 'strict $.**?(@."Node Type" == "Seq Scan")') as node
        join pg_class c on c.relname = node ->> 'Relation Name' and c.relnamespace = 'sluice'::regnamespace
        where pg_relation_size(c.oid) >= smallest_pages * current_setting('block_size')::bigint;
        select max((node ->> 'Plan Rows')::double precision) into sorted
        from jsonb_path_query(plan, 'strict $.**?(@."Node Type" == "Sort")') as node;
        if reads is not null then
            troubled := true;
            return query select 'plans', 'WARNING',
                format('%s would read all of %s (%s); it should use %s', hot.name, array_to_string(reads, ', '),
                       pg_size_pretty((select sum(pg_relation_size(r::regclass)) from unnest(reads) as r)), hot.plan),
                (select string_agg(format('analyze %s', r), '; ') from unnest(reads) as r);
        elsif sorted > 100000 then
            troubled := true;
            return query select 'plans', 'WARNING',
                format('%s would sort %s rows; it should use %s', hot.name, sorted, hot.plan),
                (select string_agg(distinct format('analyze sluice.%I', node ->> 'Relation Name'), '; ')
                 from jsonb_path_query(plan, 'strict $.**?(exists (@."Relation Name"))') as node);
        end if;
    end loop;
    if exists (select from pg_prepared_statements p where p.name = 'sluice_plan_of') then  -- of one that was refused
        deallocate sluice_plan_of;
    end if;
    if refused is not null then
        return query select 'plans', 'WARNING', format('the plan of %s', refused),
            format('run doctor as a role that may do what servers may: see "privileges"');
    elsif not troubled then
        return query select 'plans', 'OK', format('%s statements use their indexes', asked), null::text;
    end if;

    return query
    select 'indexes', 'ERROR',
        case when c.relkind = 'I' then format('partitions lack the index sluice.%I', c.relname)
             else format('index sluice.%I is not valid: nothing uses it', c.relname) end,
        case when c.relkind = 'I' then 'sluice migrate' else format('reindex index concurrently sluice.%I', c.relname) end
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'sluice'::regnamespace and not i.indisvalid;
    if not found then
        return query select 'indexes', 'OK', 'all are valid', null::text;
    end if;
end $$;
comment on function sluice.doctor_plans(integer) is
    'The part of sluice.doctor() that asks how the servers'' statements would be run; tables of fewer pages are left out.';
