-- Roles of people with psql, beside those of servers (roles.sql). Who looks reads tables, but none of those that let somebody in;
-- who operates may call what acts, besides, and writes no table. Both reach all namespaces.

-- What acts for a caller who may write nothing: with the rights of the schema's owner, by the rules that stand in each.
create or replace function sluice.acts(of_flows boolean) returns setof regprocedure
language sql stable as $$
    select p.oid::regprocedure
    from pg_proc p
    where p.pronamespace = 'sluice'::regnamespace and p.prosecdef
        and p.proname not in ('note', 'ensure_partitions', 'drop_week')  -- of servers
        and (p.proname in ('enable_flow', 'disable_flow')) = of_flows
$$;
comment on function sluice.acts(boolean) is 'The functions that operators call; of_flows: those that ask for more.';

create or replace function sluice.give_rights(role_name text, kind text) returns void
language plpgsql as $$
declare
    act regprocedure;
begin
    execute format('grant usage on schema sluice to %I', role_name);
    execute format('grant select on all tables in schema sluice to %I', role_name);
    execute format('revoke select on sluice.users, sluice.sessions, sluice.api_tokens, sluice.secrets, sluice.settings, '
        'sluice.audit_log, sluice.saved_searches, sluice.personal_texts from %I', role_name);
    for act in select sluice.acts(of_flows) from unnest(array[false, true]) as of_flows loop
        execute format('revoke execute on function %s from %I', act, role_name);
    end loop;
    for act in select sluice.acts(false) where kind <> 'reader' union all select sluice.acts(true) where kind = 'developer' loop
        execute format('grant execute on function %s to %I', act, role_name);
    end loop;
end $$;
comment on function sluice.give_rights(text, text) is 'For sluice.let_look and its like.';

create or replace function sluice.remember_role(role_name name, kind text) returns void
language plpgsql as $$
begin
    if has_table_privilege(role_name, 'sluice.executions', 'insert') then
        raise exception 'role % may write tables already: it is a server''s, or the owner; give people roles of their own', role_name
            using errcode = 'object_not_in_prerequisite_state';
    end if;
    insert into sluice.people_roles as p (role_name, kind)
    values (remember_role.role_name, remember_role.kind)
    on conflict on constraint people_roles_pkey do update set kind = excluded.kind;
    perform sluice.give_rights(role_name, kind);
end $$;
comment on function sluice.remember_role(name, text) is 'For sluice.let_look and its like.';

create or replace function sluice.let_look(role_name name) returns void
language sql as $$ select sluice.remember_role(role_name, 'reader') $$;
comment on function sluice.let_look(name) is
    'Lets a role read all but users, sessions, tokens, secrets, the audit and what is kept for single people, and change nothing. sluice migrate --grant ROLE --as reader does.';

create or replace function sluice.let_operate(role_name name, flows boolean default false) returns void
language sql as $$ select sluice.remember_role(role_name, case when flows then 'developer' else 'operator' end) $$;
comment on function sluice.let_operate(name, boolean) is
    'Lets a role read as sluice.let_look does, and call what acts: start, kill, resume …; flows: also switch flows off and on, and delete. sluice migrate --grant ROLE --as operator or developer does.';

create or replace function sluice.let_go(role_name name) returns void
language plpgsql as $$
begin
    delete from sluice.people_roles p where p.role_name = let_go.role_name;
    execute format('revoke all on all tables in schema sluice from %I', role_name);
    execute format('revoke all on all functions in schema sluice from %I', role_name);
    execute format('revoke usage on schema sluice from %I', role_name);
end $$;
comment on function sluice.let_go(name) is 'Takes back what sluice.let_look and sluice.let_operate gave.';

-- Functions are everybody's when they are made; these act as the owner. And whoever could operate or look before may do it with
-- what this version adds, unless somebody has taken the schema from him.
create or replace function sluice.renew_rights() returns void
language plpgsql as $$
declare
    act regprocedure;
    server name;
    who sluice.people_roles;
begin
    for act in select p.oid::regprocedure from pg_proc p
               where p.pronamespace = 'sluice'::regnamespace and p.prosecdef loop
        execute format('revoke execute on function %s from public', act);
        for server in
            select r.rolname
            from pg_class c
            cross join lateral aclexplode(c.relacl) a
            join pg_roles r on r.oid = a.grantee
            where c.oid = 'sluice.executions'::regclass and a.privilege_type = 'INSERT' and r.oid <> c.relowner
        loop  -- one that was given its rights by hand had these from everybody
            execute format('grant execute on function %s to %I', act, server);
        end loop;
    end loop;
    delete from sluice.people_roles p
    where not exists (select from pg_roles r where r.rolname = p.role_name and has_schema_privilege(r.oid, 'sluice', 'usage'));
    for who in select p.* from sluice.people_roles p loop
        perform sluice.give_rights(who.role_name, who.kind);
    end loop;
end $$;
comment on function sluice.renew_rights() is 'Of migrations, at their end.';
