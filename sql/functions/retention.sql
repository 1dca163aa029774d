-- How long executions are kept: sluice.retention_rules, and the base that servers are configured with (retention.keep). The
-- most specific rule counts: the longest namespace, then the one that names the state. What runs, or may go on (tasks after
-- the end, a repetition that waits), is never over age.

create or replace function sluice.set_retention(namespace text, state text, keep interval) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if keep <= interval '0' then
        raise exception 'keep: expected a time that is longer than nothing, found %', keep using errcode = 'invalid_parameter_value';
    elsif coalesce(state, '') <> '' and not sluice.is_over(upper(state)) then
        raise exception 'state: expected one in which executions end, or none, found ''%''', state
            using errcode = 'invalid_parameter_value';
    end if;
    insert into sluice.retention_rules as r (namespace, state, keep)
    values (coalesce(set_retention.namespace, ''), upper(coalesce(set_retention.state, '')), set_retention.keep)
    on conflict on constraint retention_rules_pkey do update set keep = excluded.keep, updated_at = now();
end $$;
comment on function sluice.set_retention(text, text, interval) is
    'How long executions of a namespace (with those below; '''': all) that ended in a state ('''': any) are kept; null: for ever.';

create or replace function sluice.drop_retention(namespace text, state text default '') returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    delete from sluice.retention_rules r
    where r.namespace = coalesce(drop_retention.namespace, '') and r.state = upper(coalesce(drop_retention.state, ''));
    if not found then
        raise exception 'there is no rule of retention for the namespace "%" and the state "%"', coalesce(namespace, ''),
            upper(coalesce(state, ''))
            using errcode = 'no_data_found', hint = 'select * from sluice.retention_rules lists them.';
    end if;
    return true;
end $$;
comment on function sluice.drop_retention(text, text) is 'Removes a rule of retention.';

-- The rules in force. `age` instead of what they say, for who purges by hand; "for ever" stays for ever.
create or replace function sluice.rules_in_force(base interval, age interval)
returns table (namespace text, state text, keep interval)
language sql stable rows 10 as $$
    select r.namespace, r.state, case when r.keep is not null then coalesce(age, r.keep) end
    from sluice.retention_rules r
    union all
    select '', '', coalesce(age, base)
    where coalesce(age, base) is not null
        and not exists (select from sluice.retention_rules r where r.namespace = '' and r.state = '')
$$;
comment on function sluice.rules_in_force(interval, interval) is 'For sluice.over_age and its like.';

-- Since when executions of a namespace and state must be over for their age to be over, too; null: they are kept for ever.
create or replace function sluice.kept_since(namespace text, state text, base interval, age interval) returns timestamptz
language sql stable as $$
    select now() - r.keep
    from sluice.rules_in_force(base, age) r
    where (r.namespace in ('', kept_since.namespace) or starts_with(kept_since.namespace, r.namespace || '.'))
        and r.state in ('', kept_since.state)
    order by length(r.namespace) desc, r.state desc
    limit 1
$$;
comment on function sluice.kept_since(text, text, interval, interval) is 'For sluice.over_age and its like.';

create or replace function sluice.youngest_over_age(base interval, age interval) returns timestamptz
language sql stable as $$ select now() - min(r.keep) from sluice.rules_in_force(base, age) r $$;
comment on function sluice.youngest_over_age(interval, interval) is 'No execution that began later is over age; null: none is.';

-- Executions with ids in (after, upto] that are over age. Events and jobs have no index by execution and are hashed;
-- everything else is looked up by an index for each, which the scalar subqueries make sure of.
create or replace function sluice.over_age(after text default '', upto text default '~', base interval default null,
    age interval default null, of_namespace text default null, of_states text[] default null)
returns table (id text, namespace text, flow_id text, state text, ended_at timestamptz)
language sql stable rows 1000 set enable_nestloop = off set enable_hashjoin = on set enable_seqscan = on set jit = off as $$
    with kept as materialized (
        select k.namespace, k.state, sluice.kept_since(k.namespace, k.state, base, age) as since
        from (select distinct e.namespace, e.state
              from sluice.executions e
              where e.id > after and e.id <= upto
                  and e.id < sluice.lowest_id(sluice.youngest_over_age(base, age))) k
    )
    select e.id, e.namespace, e.flow_id, e.state, e.ended_at
    from sluice.executions e
    join kept k on k.namespace = e.namespace and k.state = e.state
    where e.id > after and e.id <= upto
        and e.id < sluice.lowest_id(sluice.youngest_over_age(base, age))
        and e.ended_at < k.since
        and sluice.is_over(e.state)
        and (of_namespace is null or e.namespace = of_namespace or starts_with(e.namespace, of_namespace || '.'))
        and (of_states is null or e.state = any (of_states))
        and not exists (select from sluice.execution_events v where v.execution_id = e.id)
        and not exists (select from sluice.jobs j where j.execution_id = e.id)
        and (select true from sluice.claims c where c.execution_id = e.id limit 1) is null
        and (select true from sluice.timers t where t.execution_id = e.id limit 1) is null
        and (select true from sluice.task_runs r where r.execution_id = e.id and not sluice.is_over(r.state) limit 1) is null
        -- What started it may still read its files.
        and (e.caller_id is null or (select true from sluice.executions p
                                     where p.id = e.caller_id and not sluice.is_over(p.state) limit 1) is null)
$$;
comment on function sluice.over_age(text, text, interval, interval, text, text[]) is
    'Executions that are kept no longer: what a purge takes. base: of who has no rule; age: instead of all rules but "for ever".';

create or replace function sluice.history_week(part text) returns timestamptz
language sql stable strict as $$
    -- Names end in the ISO week.
    select to_date(substring(part from '\d{4}w\d{2}$'), 'IYYY"w"IW')::timestamp at time zone 'UTC'
$$;
comment on function sluice.history_week(text) is 'When the week of a partition of the history begins.';

create or replace function sluice.week_is_touched(week timestamptz) returns boolean
language sql stable as $$
    select exists (select from sluice.recounts r
                   where r.prefix between left(sluice.lowest_id(week), 6) and left(sluice.lowest_id(week + interval '7 days'), 6))
        or exists (select from sluice.execution_events q
                   where q.execution_id >= sluice.lowest_id(week) and q.execution_id < sluice.lowest_id(week + interval '7 days'))
        or exists (select from sluice.jobs q
                   where q.execution_id >= sluice.lowest_id(week) and q.execution_id < sluice.lowest_id(week + interval '7 days'))
        or exists (select from sluice.claims q
                   where q.execution_id >= sluice.lowest_id(week) and q.execution_id < sluice.lowest_id(week + interval '7 days'))
        or exists (select from sluice.timers q
                   where q.execution_id >= sluice.lowest_id(week) and q.execution_id < sluice.lowest_id(week + interval '7 days'))
$$;
comment on function sluice.week_is_touched(timestamptz) is
    'Whether executions of a week were changed since they were last counted (sluice.recounts), or something of them goes on.';

-- Weeks of which nothing is kept: their partitions can be dropped.
create or replace function sluice.weeks_over_age(base interval default null)
returns table (week timestamptz, name text, executions bigint, bytes bigint)
language plpgsql stable set enable_hashjoin = on set enable_seqscan = on set jit = off as $$
#variable_conflict use_column
declare
    part record;
    keeps boolean;
begin
    for part in
        select c.relname::text as relname, substring(c.relname::text from '\d{4}w\d{2}$') as name, sluice.history_week(c.relname::text) as week
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'sluice.executions'::regclass
            and sluice.history_week(c.relname::text) + interval '7 days' <= sluice.youngest_over_age(base, null)
            and sluice.history_week(c.relname::text) + interval '14 days' <= now()  -- ensure_partitions makes last week's, too
        order by 1
    loop
        continue when sluice.week_is_touched(part.week);
        execute format('select exists (
            select from sluice.%1$I e
            join (select k.namespace, k.state, sluice.kept_since(k.namespace, k.state, $1, null) as since
                  from (select distinct d.namespace, d.state from sluice.%1$I d) k) k
                on k.namespace = e.namespace and k.state = e.state
            where e.ended_at is null or k.since is null or e.ended_at >= k.since or not sluice.is_over(e.state)
                or (e.caller_id is not null and (select true from sluice.executions p
                                                 where p.id = e.caller_id and not sluice.is_over(p.state) limit 1)))
            or exists (select from sluice.task_runs_%2$s r where not sluice.is_over(r.state))', part.relname, part.name)
            into keeps using base;
        continue when keeps;
        week := part.week;
        name := part.name;
        execute format('select count(*) from sluice.%I', part.relname) into executions;
        select sum(pg_total_relation_size(to_regclass(format('sluice.%s_%s', t, part.name)))) into bytes
        from unnest(array['executions', 'task_runs', 'loop_values', 'logs', 'metrics']) as t;
        return next;
    end loop;
end $$;
comment on function sluice.weeks_over_age(interval) is 'Weeks of which nothing is kept, with what dropping their partitions frees.';

-- Drops the partitions of one week of which nothing is kept, and notes whose files are to be removed. A short exclusive lock
-- of the history tables is needed at the end: who works now has at most `patience` to get out of the way, else
-- nothing happens. While the counter's lock is held, whoever changes an execution of that week leaves a mark
-- that stays: so under the lock it is enough to look for marks.
-- It runs as the owner of the tables, as sluice.ensure_partitions.
create or replace function sluice.drop_week(base interval default null, patience interval default '300 milliseconds')
returns table (week timestamptz, executions bigint, bytes bigint, dropped boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
    doomed record;
    parent text;
begin
    perform pg_advisory_xact_lock(126943995032423);  -- whoever counts has some buckets at a time
    select w.* into doomed from sluice.weeks_over_age(base) w order by w.week limit 1;
    if not found then
        return;
    end if;
    week := doomed.week;
    executions := doomed.executions;
    bytes := doomed.bytes;
    dropped := true;
    begin
        execute format('insert into sluice.purged_executions (execution_id, namespace, flow_id)
                        select e.id, e.namespace, e.flow_id from sluice.executions_%s e on conflict do nothing', doomed.name);
        perform set_config('lock_timeout', (extract(epoch from patience) * 1000)::integer::text, true);
        perform pg_advisory_xact_lock(126943995032422);  -- of sluice.ensure_partitions; servers that start wait for it
        lock table only sluice.executions, only sluice.task_runs, only sluice.loop_values, only sluice.logs, only sluice.metrics
            in access exclusive mode;
        if sluice.week_is_touched(doomed.week) then
            raise lock_not_available;
        end if;
        foreach parent in array array['executions', 'task_runs', 'loop_values', 'logs', 'metrics'] loop
            execute format('drop table if exists sluice.%s_%s', parent, doomed.name);
        end loop;
    exception when lock_not_available then
        dropped := false;
        return next;
        return;
    end;
    -- Its buckets stay, empty: nothing has to be counted anew.
    delete from sluice.execution_counts c where c.bucket >= doomed.week and c.bucket < doomed.week + interval '7 days';
    delete from sluice.execution_totals c where c.bucket >= doomed.week and c.bucket < doomed.week + interval '7 days';
    delete from sluice.task_run_counts c where c.bucket >= doomed.week and c.bucket < doomed.week + interval '7 days';
    delete from sluice.task_run_totals c where c.bucket >= doomed.week and c.bucket < doomed.week + interval '7 days';
    delete from sluice.flow_sums c where c.bucket >= doomed.week and c.bucket < doomed.week + interval '7 days';
    return next;
end $$;
comment on function sluice.drop_week(interval, interval) is
    'Drops the oldest week of the history of which nothing is kept. No row: there is none; not dropped: who works did not make way in time.';

-- Bytes are a share of the week's tables: dropping a week frees them at once; what is deleted is used again by later rows.
create or replace function sluice.purge_plan(base interval default null, age interval default null,
    of_namespace text default null, of_states text[] default null)
returns table (namespace text, state text, month text, executions bigint, oldest timestamptz, newest timestamptz, bytes bigint)
language sql stable set jit = off as $$
    with doomed as materialized (
        select o.namespace, o.state, o.ended_at, w.name
        from sluice.over_age('', '~', base, age, of_namespace, of_states) o
        join (
            select substring(c.relname::text from '\d{4}w\d{2}$') as name,
                coalesce(lag(sluice.lowest_id(sluice.history_week(c.relname::text) + interval '7 days')) over (order by c.relname), '') as low,
                sluice.lowest_id(sluice.history_week(c.relname::text) + interval '7 days') as high
            from pg_inherits i
            join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'sluice.executions'::regclass) w on o.id >= w.low and o.id < w.high
    ), weeks as (
        select d.name, (sum(pg_total_relation_size(to_regclass(format('sluice.%s_%s', t, d.name)))))::numeric
                / greatest(max(d.doomed), max(c.reltuples)::bigint, 1) as each
        from (select name, count(*) as doomed from doomed group by name) d
        cross join unnest(array['executions', 'task_runs', 'loop_values', 'logs', 'metrics']) as t
        join pg_class c on c.oid = to_regclass(format('sluice.executions_%s', d.name))
        group by d.name
    )
    select d.namespace, d.state, to_char(d.ended_at at time zone 'UTC', 'YYYY-MM'), count(*), min(d.ended_at), max(d.ended_at),
        sum(w.each)::bigint
    from doomed d
    join weeks w using (name)
    group by 1, 2, 3
    order by 1, 2, 3
$$;
comment on function sluice.purge_plan(interval, interval, text, text[]) is
    'What a purge would take now, by namespace, state and month of the end. Bytes: about.';
