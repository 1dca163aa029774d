-- Who did what. Rows are written by triggers, in the transaction of the act, whatever way it came: a server says on whose
-- behalf it acts (sluice.actor, for one transaction); what comes without that, and not on a
-- server's connection (sluice.server), is somebody's SQL.

create or replace function sluice.is_server() returns boolean
language sql stable as $$
    select has_table_privilege(session_user, 'sluice.executions', 'insert')
        or pg_has_role(session_user, (select c.relowner from pg_class c where c.oid = 'sluice.executions'::regclass), 'member')
$$;
comment on function sluice.is_server() is
    'Whether the session''s role may write tables. What it says of who acts is believed; others act in their own name, whatever they set.';

create or replace function sluice.audit_via() returns text
language sql stable as $$
    select case
        when not sluice.is_server() then 'SQL'
        when coalesce(current_setting('sluice.actor', true), '') <> '' then coalesce(nullif(current_setting('sluice.via', true), ''), 'API')
        when current_setting('sluice.server', true) = 'on' then null
        else 'SQL'
    end
$$;
comment on function sluice.audit_via() is 'How the present transaction''s act came: PAGE, API, CLI or SQL; null: a server''s own.';

create or replace function sluice.note(act text, resource text, namespace text, subject text, before jsonb default null,
    after jsonb default null) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    via text := sluice.audit_via();
    believed boolean := sluice.is_server();
begin
    if via is null then
        return;
    end if;
    insert into sluice.audit_log (at, actor, via, remote, act, resource, namespace, subject, before, after)
    values (clock_timestamp(), case when believed then coalesce(nullif(current_setting('sluice.actor', true), ''), session_user) else session_user end, via,
        coalesce(case when believed then nullif(current_setting('sluice.remote', true), '') end, host(inet_client_addr())),
        coalesce(act, case when believed then nullif(current_setting('sluice.act', true), '') end, 'CHANGE'), resource, nullif(namespace, ''), subject,
        before, after);
end $$;
comment on function sluice.note(text, text, text, text, jsonb, jsonb) is
    'Of servers, and of the functions that act: writes a row of the audit for whoever acts in this transaction.';

create or replace function sluice.note_change() returns trigger
language plpgsql as $$
declare
    hidden  text[];
    old_row jsonb;
    new_row jsonb;
    seen    jsonb;
    subject text;
    act     text := case tg_op when 'INSERT' then 'CREATE' else tg_op end;
    before  jsonb;
    after   jsonb;
begin
    if sluice.audit_via() is null then
        return null;
    end if;
    hidden := string_to_array(tg_argv[2], ',');
    old_row := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    new_row := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    seen := coalesce(new_row, old_row);
    select string_agg(seen ->> name, '.' order by n) into subject
    from unnest(string_to_array(tg_argv[1], ',')) with ordinality as c(name, n);
    if tg_argv[2] like '*%' then  -- these columns alone
        select jsonb_object_agg(name, old_row -> name), jsonb_object_agg(name, new_row -> name) into before, after
        from unnest(string_to_array(substr(tg_argv[2], 2), ',')) as name;
    elsif tg_op = 'UPDATE' then
        select jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, n.value) into before, after
        from jsonb_each(old_row - hidden) as o
        join jsonb_each(new_row - hidden) as n on n.key = o.key and n.value is distinct from o.value;
        if before is null then
            return null;
        end if;
        -- That a password was changed is told, not what it is made of.
        if before ? 'password_hash' then
            before := jsonb_set(before, '{password_hash}', '"…"');
            after := jsonb_set(after, '{password_hash}', '"changed"');
        end if;
    else
        before := old_row - hidden;
        after := new_row - hidden;
    end if;
    if tg_argv[0] = 'FLOW' then
        act := case when new_row -> 'deleted' = 'true' then 'DELETE' when new_row ->> 'revision' = '1' then 'CREATE' else 'UPDATE' end;
        after := after - array['namespace', 'flow_id', 'deleted'];
    end if;
    perform sluice.note(act, tg_argv[0], seen ->> 'namespace', subject, before, after);
    return null;
end $$;
comment on function sluice.note_change() is
    'Of triggers: a row of the audit for a changed row. Arguments: resource, columns of the subject, columns to leave out (or * and those to tell).';

create or replace function sluice.tell_access() returns trigger
language plpgsql as $$
begin
    perform pg_notify('sluice_access', '');
    return null;
end $$;
comment on function sluice.tell_access() is 'Of triggers: web servers forget what they remember of users, tokens and sessions.';
