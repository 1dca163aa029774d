-- What is wrong with the database or the cluster, and the SQL or the setting that mends it. Each check answers with at
-- least one row: OK, WARNING (it works, but not for long or not well), ERROR (something does not work). None writes.

create or replace function sluice.doctor_server(patience interval)
returns table ("check" text, severity text, finding text, remedy text)
language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
    select 'server version', case when v between 140000 and 189999 then 'OK' else 'WARNING' end,
        format('PostgreSQL %s', current_setting('server_version')),
        case when v < 140000 then 'upgrade PostgreSQL to 14 or later'
             when v > 189999 then 'versions 14 to 18 are known to work; test this one before you rely on it' end
    from (select current_setting('server_version_num')::integer as v) s;

    return query
    with wanted as (
        select format('%s on sluice.%I', upper(p.privilege), c.relname) as missing,
            format('grant %s on sluice.%I to %I', p.privilege, c.relname, current_user) as remedy
        from pg_class c
        cross join unnest(array['select', 'insert', 'update', 'delete']) as p(privilege)
        where c.relnamespace = 'sluice'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and not has_table_privilege(c.oid, p.privilege)
        union all
        select format('USAGE on sequence sluice.%I', c.relname),
            format('grant usage on sequence sluice.%I to %I', c.relname, current_user)
        from pg_class c
        where c.relnamespace = 'sluice'::regnamespace and c.relkind = 'S'
            and not case when c.relkind = 'S' then has_sequence_privilege(c.oid, 'usage') end
        union all
        select 'CREATE on schema sluice, for partitions', format('grant create on schema sluice to %I', current_user)
        where not has_schema_privilege('sluice', 'create')
        union all
        select format('ownership of sluice.%I, for partitions', c.relname),
            format('grant %I to %I', pg_get_userbyid(c.relowner), current_user)
        from pg_class c
        where c.relnamespace = 'sluice'::regnamespace and c.relkind = 'p' and not pg_has_role(c.relowner, 'usage')
    )
    select 'privileges', case when count(*) = 0 then 'OK' else 'ERROR' end,
        case when count(*) = 0 then format('%I may do all that a server does', current_user)
             else format('%I lacks %s', current_user, string_agg(w.missing, ', ')) end,
        string_agg(w.remedy, '; ')
    from wanted w;

    return query
    select 'TLS', case when s.ssl or is_near then 'OK' else 'WARNING' end,
        case when s.ssl then format('this connection is encrypted: %s, %s', s.version, s.cipher)
             when is_near then 'this connection does not leave the machine'
             else format('this connection from %s is not encrypted', host(inet_client_addr())) end,
        case when not s.ssl and not is_near then 'sslmode=verify-full in database.url' end
    from (select coalesce(inet_client_addr() <<= '127.0.0.0/8' or inet_client_addr() = '::1'
                          or inet_client_addr() = inet_server_addr(), true) as is_near) n
    left join pg_stat_ssl s on s.pid = pg_backend_pid();

    return query
    with used as (
        select count(*) as used from pg_stat_activity a where a.backend_type = 'client backend'
    ), allowed as (
        select current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
            - coalesce(current_setting('reserved_connections', true)::integer, 0) as allowed
    ), declared as (
        select coalesce(sum(s.connections), 0) as declared,
            coalesce(string_agg(format('%s on %s: %s', array_to_string(s.roles, '+'), s.host, s.connections), ', '
                                order by s.started_at), 'no service is alive') as each
        from sluice.services s
        where s.state in ('RUNNING', 'DRAINING') and s.lease_until > now()
    )
    select 'connections',
        case when u.used >= a.allowed * 0.9 then 'ERROR'
             when u.used >= a.allowed * 0.75 or d.declared > a.allowed then 'WARNING' else 'OK' end,
        format('%s of %s are in use; services take at most %s (%s)', u.used, a.allowed, d.declared, d.each),
        case when u.used >= a.allowed * 0.75 or d.declared > a.allowed
             then format('alter system set max_connections = %s, and restart PostgreSQL; or lower database.connections',
                         2 * greatest(a.allowed, d.declared)) end
    from used u, allowed a, declared d;

    return query
    select 'autovacuum', case when is_on then 'OK' else 'ERROR' end,
        case when is_on then 'autovacuum is on' else 'autovacuum or track_counts is off: the queues grow slower every hour' end,
        case when not is_on then 'alter system set autovacuum = on; alter system set track_counts = on; select pg_reload_conf()' end
    from (select current_setting('autovacuum')::boolean and current_setting('track_counts')::boolean as is_on) s;

    return query
    with hot(name, threshold) as (
        values ('execution_events', 2000), ('jobs', 2000), ('claims', 2000), ('timers', 1000), ('services', 200)
    ), wrong as (
        select h.name, h.threshold
        from hot h
        join pg_class c on c.oid = to_regclass('sluice.' || h.name)
        left join lateral (
            select coalesce(bool_or(o.option_name = 'autovacuum_vacuum_scale_factor' and o.option_value::float8 < 0.1), false)
                and not coalesce(bool_or(o.option_name = 'autovacuum_enabled' and not o.option_value::boolean), false) as fits
            from pg_options_to_table(c.reloptions) o) o on true
        where not coalesce(o.fits, false)
    )
    select 'autovacuum of queues', case when count(*) = 0 then 'OK' else 'WARNING' end,
        case when count(*) = 0 then 'hot tables have their own settings'
             else format('vacuum of %s waits too long, or never comes', string_agg(w.name, ', ')) end,
        string_agg(format('alter table sluice.%I set (autovacuum_enabled = true, autovacuum_vacuum_scale_factor = 0.0, '
                          'autovacuum_vacuum_threshold = %s)', w.name, w.threshold), '; ')
    from wrong w;

    return query
    select 'old transaction', case when now() - a.xact_start > greatest(patience, interval '30 minutes') then 'ERROR'
                                   else 'WARNING' end,
        format('session %s (%s, %s, %s) keeps vacuum from cleaning up since %s: a transaction of %s, %s transactions back',
               a.pid, coalesce(nullif(a.application_name, ''), 'no name'), coalesce(a.usename::text, a.backend_type),
               coalesce(a.state, a.backend_type), a.xact_start, now() - a.xact_start,
               greatest(age(a.backend_xmin), age(a.backend_xid))),
        format('select pg_terminate_backend(%s)', a.pid)
    from pg_stat_activity a
    where (a.backend_xmin is not null or a.backend_xid is not null) and a.pid <> pg_backend_pid()
        and a.backend_type in ('client backend', 'parallel worker', 'walsender')
        and a.xact_start <= now() - patience
    order by a.xact_start;
    if not found then
        return query select 'old transaction', 'OK', format('none is older than %s', patience), null::text;
    end if;

    return query
    select 'prepared transaction', 'ERROR', format('%L of %s, prepared at %s, keeps vacuum from cleaning up', p.gid, p.owner, p.prepared),
        format('rollback prepared %L', p.gid)
    from pg_prepared_xacts p
    where p.prepared <= now() - patience;
    if not found then
        return query select 'prepared transaction', 'OK', 'none is forgotten', null::text;
    end if;

    return query
    select 'replication slot', 'WARNING',
        format('slot %s (%s, %s) holds back transactions of an age of %s', s.slot_name, s.slot_type,
               case when s.active then 'in use' else 'nobody uses it' end, greatest(age(s.xmin), age(s.catalog_xmin))),
        case when s.active then 'hot_standby_feedback = off on the standby, or end its long queries'
             else format('select pg_drop_replication_slot(%L)', s.slot_name) end
    from pg_replication_slots s
    where (s.xmin is not null or s.catalog_xmin is not null)
        and (not s.active or greatest(age(s.xmin), age(s.catalog_xmin)) > 1000000);
    if not found then
        return query select 'replication slot', 'OK', 'none holds back vacuum', null::text;
    end if;

    return query
    select 'dead rows', 'WARNING',
        format('sluice.%I has %s dead rows beside %s live ones, in %s; last vacuum %s', u.relname, u.n_dead_tup, u.n_live_tup,
               pg_size_pretty(pg_total_relation_size(u.relid)),
               coalesce(greatest(u.last_vacuum, u.last_autovacuum)::text, 'never')),
        format('vacuum (analyze) sluice.%I', u.relname)
    from pg_stat_user_tables u
    where u.schemaname = 'sluice' and u.n_dead_tup > greatest(50000, 5 * u.n_live_tup);
    if not found then
        return query select 'dead rows', 'OK', 'vacuum keeps up', null::text;
    end if;

    return query
    select 'bloat', 'WARNING',
        format('sluice.%I and its indexes take %s for %s rows', u.relname, pg_size_pretty(pg_total_relation_size(u.relid)),
               u.n_live_tup),
        format('reindex table concurrently sluice.%I; and in a quiet hour: vacuum full sluice.%I', u.relname, u.relname)
    from pg_stat_user_tables u
    where u.schemaname = 'sluice'
        and u.relname in ('execution_events', 'jobs', 'claims', 'timers', 'services', 'triggers', 'queued_executions')
        and pg_total_relation_size(u.relid) > 256 * 1024 * 1024 + 8000 * u.n_live_tup;
    if not found then
        return query select 'bloat', 'OK', 'hot tables are small', null::text;
    end if;

    return query
    select 'sequence', case when used > 0.9 then 'ERROR' else 'WARNING' end,
        format('%I.%I has used %s %% of its numbers', q.schemaname, q.sequencename, round(used * 100)),
        format('alter sequence %I.%I as bigint no maxvalue', q.schemaname, q.sequencename)
    from pg_sequences q
    cross join lateral (select q.last_value::numeric / q.max_value as used) u
    where q.schemaname = 'sluice' and used > 0.5;
    if not found then
        return query select 'sequence', 'OK', 'none is near its end', null::text;
    end if;

    return query
    select 'notifications', case when used > 0.1 then 'WARNING' else 'OK' end,
        format('the queue of NOTIFY is %s %% full', round((used * 100)::numeric)),
        case when used > 0.1 then 'end the session that listens inside a long transaction: see "old transaction"' end
    from pg_notification_queue_usage() as used;
end $$;
comment on function sluice.doctor_server(interval) is 'The part of sluice.doctor() that looks at PostgreSQL.';

create or replace function sluice.doctor_cluster()
returns table ("check" text, severity text, finding text, remedy text)
language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
    select 'partitions', case when r < interval '3 days' or r is null then 'ERROR' when r < interval '7 days' then 'WARNING' else 'OK' end,
        case when r is null then 'the history tables have no partition: nothing can be stored'
             when r < interval '0' then format('the last partition ended %s ago: nothing can be stored', -r)
             else format('there are partitions for the next %s', date_trunc('hour', r)) end,
        case when r is null or r < interval '7 days' then 'select sluice.ensure_partitions()' end
    from sluice.partition_runway() as r;

    -- A role that nobody has is an error when something waits for it.
    return query
    with roles(role, waits) as (
        select 'executor', exists (select from sluice.execution_events)
        union all
        select 'worker', exists (select from sluice.jobs)
        union all
        select 'scheduler', exists (select from sluice.triggers t where t.next_at < now() and not t.disabled
                                        and t.execution_id is null and t.evaluating_at is null)
        union all
        select 'webserver', false
    )
    select 'services', case when alive > 0 then 'OK' when waits then 'ERROR' else 'WARNING' end,
        case when alive > 0 then format('%s: %s alive', role, alive)
             else format('no %s is alive%s', role, case when waits then ', and there is work for one' else '' end) end,
        case when alive = 0 then format('sluice server %s', role) end
    from (select r.role, r.waits,
              (select count(*) from sluice.services s
               where s.state = 'RUNNING' and s.lease_until > now() and r.role = any (s.roles)) as alive
          from roles r) r;

    return query
    select 'worker group', 'ERROR', format('%s job(s) wait for a worker of group %L%s, and none is alive', count(*),
            split_part(j.worker_group, '!', 1),
            case when strpos(j.worker_group, '!') > 0
                 then ' that has the plugin of ' || split_part(j.worker_group, '!', 2) else '' end),
        case when strpos(j.worker_group, '!') > 0 then 'sluice server worker --plugins FOLDER'
             else format('sluice server worker --worker-group %s', j.worker_group) end
    from sluice.jobs j
    where j.worker_group <> '' and j.worker_group not like '@%' and not sluice.has_worker(j.worker_group)
    group by j.worker_group;

    return query
    select 'versions', case when count(distinct s.version) > 1 then 'WARNING' else 'OK' end,
        case when count(*) = 0 then 'no service is alive'
             else case when count(distinct s.version) > 1 then 'services of different versions are alive: '
                       else 'all services are of one version: ' end || string_agg(distinct s.version, ', ') end,
        case when count(distinct s.version) > 1 then 'finish the upgrade: two neighbouring versions work together, for a while' end
    from sluice.services s
    where s.state in ('RUNNING', 'DRAINING') and s.lease_until > now();

    return query
    select 'silent service', 'WARNING',
        format('service %s (%s on %s) is silent since %s, and nobody has buried it; it has %s claim(s)', s.service_id,
               array_to_string(s.roles, '+'), s.host, s.heartbeat_at,
               (select count(*) from sluice.claims c where c.service_id = s.service_id)),
        'start any server: each buries the dead'
    from sluice.services s
    where s.state in ('RUNNING', 'DRAINING') and s.lease_until < now() - interval '30 seconds';
    if not found then
        return query select 'silent service', 'OK', 'all that fell silent are buried', null::text;
    end if;

    return query
    select 'leadership',
        case when l.service_id is not null or not has_scheduler then 'OK' else 'ERROR' end,
        case when l.service_id is not null
             then format('service %s on %s leads as epoch %s since %s; its last heartbeat is %s old', l.service_id, l.host, l.epoch,
                         l.since, date_trunc('milliseconds', now() - l.heartbeat_at))
             when has_scheduler then 'schedulers are alive, and none leads: no schedule fires'
             else 'no scheduler is alive, so none leads' end,
        case when l.service_id is null and has_scheduler
             then 'select pg_terminate_backend(pid) from pg_locks where locktype = ''advisory'' and granted and database = (select oid from pg_database where datname = current_database()), when that session''s service is dead' end
    from (select exists (select from sluice.services s where s.state = 'RUNNING' and s.lease_until > now()
                             and 'scheduler' = any (s.roles)) as has_scheduler) h
    left join (
        select l.service_id, s.host, l.epoch, l.since, s.heartbeat_at
        from sluice.leadership l
        join sluice.services s on s.service_id = l.service_id
        where l.role = 'scheduler' and s.state in ('RUNNING', 'DRAINING') and s.lease_until > now()) l on true;

    return query
    select 'parked events', 'WARNING', format('event %s of execution %s was put aside at %s: %s', p.id, p.execution_id, p.parked_at, left(p.error, 200)),
        format('mend the cause, then: select sluice.retry_parked(%s); or: select sluice.drop_parked(%s)', p.id, p.id)
    from sluice.parked_events p
    order by p.id
    limit 10;
    if not found then
        return query select 'parked events', 'OK', 'none', null::text;
    end if;

    return query
    select 'overdue timers', case when count(*) > 0 then 'ERROR' else 'OK' end,
        case when count(*) > 0 then format('%s timer(s) are overdue, the oldest since %s', count(*), min(t.due_at)) else 'none' end,
        case when count(*) > 0 then 'sluice server executor' end
    from sluice.timers t
    where t.due_at < now() - interval '1 minute';

    return query
    select 'overdue triggers', case when count(*) > 0 then 'ERROR' else 'OK' end,
        case when count(*) > 0 then format('%s trigger(s) are overdue, the longest %s.%s.%s since %s', count(*),
                 (array_agg(t.namespace order by t.next_at))[1], (array_agg(t.flow_id order by t.next_at))[1],
                 (array_agg(t.trigger_id order by t.next_at))[1], min(t.next_at))
             else 'none' end,
        case when count(*) > 0 then 'sluice server scheduler; select * from sluice.why_trigger(…) tells the reason of one' end
    from sluice.triggers t
    where t.next_at < now() - interval '1 minute' and not t.disabled and t.execution_id is null
        and t.evaluating_at is null;

    return query
    select 'refused results', case when count(*) > 0 then 'WARNING' else 'OK' end,
        case when count(*) > 0
             then format('%s result(s) of the last day came from workers that had lost their claim; the last one is of task run %s',
                         count(*), max(r.task_run_id))
             else 'none in the last day' end,
        case when count(*) > 0 then 'look why those workers stood still; the tasks were run again' end
    from sluice.refused_results r
    where r.refused_at > now() - interval '1 day';

    return query
    select 'invariants', case when count(i.id) > 0 then 'ERROR' else 'OK' end,
        case when count(i.id) > 0 then format('%s violation(s), first: %s', count(i.id), (array_agg(i.finding))[1]) else 'all hold' end
            || case when is_large then ' (of executions those of the last two days were looked at)' else '' end,
        case when count(i.id) > 0 then 'any server repairs them within minutes; select * from sluice.invariants() lists them: please report them' end
    from (select coalesce(sum(c.reltuples), 0) > 5000000 as is_large
          from pg_inherits p
          join pg_class c on c.oid = p.inhrelid
          where p.inhparent = 'sluice.executions'::regclass) size
    left join lateral sluice.invariants('60 seconds',
        case when is_large then sluice.lowest_id(now() - interval '2 days') else '' end) i on true
    group by is_large;

    return query
    select 'maintenance', case when m.maintenance_id is null then 'OK' else 'WARNING' end,
        case when m.maintenance_id is null then 'the cluster takes work'
             else format('the cluster takes no new work since %s, by %s', m.entered_at, m.entered_by) end,
        case when m.maintenance_id is not null then 'select sluice.exit_maintenance()' end
    from (select 1) always
    left join sluice.maintenance m on m.left_at is null;

    return query
    select 'migrations', 'OK', format('%s are applied; the last change was at %s',
            count(*) filter (where m.name like 'migrations/%'), coalesce(max(m.applied_at)::text, 'no time')), null::text
    from sluice.schema_migrations m;
end $$;
comment on function sluice.doctor_cluster() is 'The part of sluice.doctor() that looks at Sluice''s own tables.';

create or replace function sluice.doctor(patience interval default '5 minutes')
returns table ("check" text, severity text, finding text, remedy text)
language plpgsql volatile as $$
begin
    return query select * from sluice.doctor_server(patience);
    return query select * from sluice.doctor_cluster();
    return query select * from sluice.doctor_plans();
end $$;
comment on function sluice.doctor(interval) is
    'What is wrong, and what mends it: order by severity. Transactions younger than patience are left alone.';
