-- A history for measurements, on an empty, migrated database: psql -v executions=1000000 -v days=30 -v task_runs=2 -v lines=10
-- -f history.sql, then `call bench.fill(0)`, `call bench.fill(1)` … for each of bench.weeks, as many at a time as there are
-- processors. Rows are made in sets, in the order of time, and partitions as sluice.ensure_partitions makes them: filled, then
-- attached, in one transaction, so that with wal_level = minimal nothing but the rows is written.
\set ON_ERROR_STOP on
set client_min_messages = warning;

drop schema if exists bench cascade;
create schema bench;

do $$
declare
    part text;
begin
    for part in select c.oid::regclass::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent in ('sluice.executions'::regclass, 'sluice.task_runs'::regclass, 'sluice.loop_values'::regclass,
                                      'sluice.logs'::regclass, 'sluice.metrics'::regclass) loop
        execute 'drop table ' || part;
    end loop;
end $$;

create table bench.history as
select :executions::bigint as executions, :task_runs::integer as task_runs, :lines::integer as lines, now() as until,
    make_interval(days => :days) / :executions as pause;

create table bench.weeks as
select row_number() over (order by w) - 1 as week, w as starts_at,
    case when row_number() over (order by w) = 1 then 'minvalue' else quote_literal(sluice.lowest_id(w)) end as from_id,
    quote_literal(sluice.lowest_id(w + interval '7 days')) as to_id, to_char(w at time zone 'UTC', 'IYYY"w"IW') as suffix,
    -- of the executions 1 to n, which of them are of this week
    greatest(1, ceil(h.executions - extract(epoch from h.until - w)::float8 / extract(epoch from h.pause)::float8)::bigint) as first_n,
    least(h.executions, ceil(h.executions - extract(epoch from h.until - w - interval '7 days')::float8
                             / extract(epoch from h.pause)::float8)::bigint - 1) as last_n
from bench.history h, generate_series(sluice.week_of(h.until - make_interval(days => :days)), h.until, interval '7 days') as w;

-- 300 flows of 30 namespaces; some run often, some hardly ever, and one has not run since the first week. One in fifty fails,
-- and a few are paused, or still running after days. One in ten carries an order's number as an input, one in a million the
-- label of an incident. The first nine digits of an id hold its time; the rest is as good as random.
create function bench.runs(week integer) returns table (n bigint, at timestamptz, took interval, flow_id text, namespace text,
    luck double precision, id_time text, id_rest text, state text)
language sql stable as $$
    select r.n, r.at, r.took, f.name, f.namespace, r.luck,
        substr(d, (r.t / 218340105584896 % 62)::integer + 1, 1) || substr(d, (r.t / 3521614606208 % 62)::integer + 1, 1)
        || substr(d, (r.t / 56800235584 % 62)::integer + 1, 1) || substr(d, (r.t / 916132832 % 62)::integer + 1, 1)
        || substr(d, (r.t / 14776336 % 62)::integer + 1, 1) || substr(d, (r.t / 238328 % 62)::integer + 1, 1)
        || substr(d, (r.t / 3844 % 62)::integer + 1, 1) || substr(d, (r.t / 62 % 62)::integer + 1, 1)
        || substr(d, (r.t % 62)::integer + 1, 1), md5(r.n::text),
        case when r.at + r.took > r.until then 'RUNNING'
             when r.luck < 0.000002 then 'RUNNING' when r.luck < 0.000005 then 'PAUSED' when r.luck < 0.02 then 'FAILED'
             when r.luck < 0.03 then 'WARNING' when r.luck < 0.033 then 'KILLED' else 'SUCCESS' end
    from (
        select m.n, m.at, m.until, random() as luck,
            case when m.n <= m.executions / 100 and m.n % 1000 = 7 then 300 else floor(300 * power(random(), 2))::integer end as flow,
            (2 + 40 * power(random(), 6)) * interval '1 second' as took,
            -- milliseconds * 2^80 / 62^13
            trunc(extract(epoch from m.at) * 1000 * 1208925819614629174706176 / 200028539268669788905472)::bigint as t
        from (select x as n, h.until, h.executions, h.until - (h.executions - x) * h.pause as at
              from bench.weeks w, bench.history h, generate_series(w.first_n, w.last_n) as x
              where w.week = runs.week offset 0) as m
        offset 0) as r
    cross join (values ('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')) as digits(d)
    cross join lateral (select format('flow_%s', r.flow) as name, format('company.team%s', r.flow % 30) as namespace) as f
$$;

create procedure bench.make(parent text, suffix text, rows text) language plpgsql as $$
declare
    part constant text := format('%s_%s', parent, suffix);
    week bench.weeks;
begin
    select w.* into strict week from bench.weeks w where w.suffix = make.suffix;
    execute format('create table sluice.%I (like sluice.%I including defaults including constraints) with (fillfactor = %s)',
                   part, parent, case parent when 'executions' then 70 when 'task_runs' then 85 else 100 end);
    if rows <> '' then
        execute format(rows, part);
    end if;
    execute format('alter table sluice.%I attach partition sluice.%I for values from (%s) to (%s)',
                   parent, part, week.from_id, week.to_id);
    commit;
end $$;

create procedure bench.fill(week integer) language plpgsql as $$
declare
    suffix text;
    runs constant text := format('bench.runs_%s', week);
    h bench.history;
begin
    select w.suffix into strict suffix from bench.weeks w where w.week = fill.week;
    select * into strict h from bench.history;
    execute format('create unlogged table %s as select * from bench.runs(%s)', runs, week);
    commit;
    call bench.make('executions', suffix, 'insert into sluice.%I (id, namespace, flow_id, flow_revision, state, created_at,
            started_at, ended_at, labels, inputs)
        select id_time || left(id_rest, 13), namespace, flow_id, 1, state, at, at + interval ''20 ms'',
            case when state <> ''RUNNING'' then at + took end,
            jsonb_build_object(''team'', format(''team%%s'', n %% 40), ''region'', case when luck < 0.5 then ''north'' else ''south'' end)
            || case when n %% 1000000 = 77 then jsonb_build_object(''incident'', format(''i%%s'', n / 1000000)) else ''{}'' end,
            jsonb_build_object(''day'', at::date)
            || case when n %% 10 = 3 then jsonb_build_object(''order'', n) else ''{}'' end
        from ' || runs);
    call bench.make('task_runs', suffix, format('insert into sluice.%%I (execution_id, id, ordinal, namespace, flow_id, task_id,
            state, created_at, started_at, ended_at)
        select id_time || left(id_rest, 13), id_time || t || left(id_rest, 12), t, namespace, flow_id, ''task_'' || t,
            case when t < %1$s then ''SUCCESS'' else state end, at + t * interval ''1 ms'', at + t * interval ''20 ms'',
            case when t < %1$s or state <> ''RUNNING'' then at + took end
        from %2$s
        cross join generate_series(1, %1$s) as t', h.task_runs, runs));
    call bench.make('logs', suffix, format('insert into sluice.%%I (execution_id, at, level, namespace, flow_id, task_id,
            task_run_id, attempt, message)
        select id_time || left(id_rest, 13), at + l * interval ''50 ms'',
            case when state = ''FAILED'' and l = %1$s then 4 when mod(l, 10) = 9 then 3 when mod(l, 5) = 0 then 1 else 2 end,
            namespace, flow_id, ''task_'' || (1 + mod(l, %2$s)), id_time || (1 + mod(l, %2$s)) || left(id_rest, 12), 0,
            case when state = ''FAILED'' and l = %1$s then ''the warehouse refused the connection: too many clients''
                 else ''loaded part '' || l || '' of %1$s, '' || (luck * 10000)::integer || '' rows'' end
        from %3$s
        cross join generate_series(1, %1$s) as l', h.lines, h.task_runs, runs));
    call bench.make('loop_values', suffix, '');
    call bench.make('metrics', suffix, '');
    execute 'drop table ' || runs;
end $$;

insert into sluice.flows (namespace, flow_id, revision, source, definition)
select format('company.team%s', f % 30), format('flow_%s', f), 1,
    format(E'id: flow_%s\nnamespace: company.team%s\ntasks:\n  - id: load\n    type: io.kestra.plugin.core.log.Log\n    message: hello\n', f, f % 30),
    jsonb_build_object('id', format('flow_%s', f), 'namespace', format('company.team%s', f % 30), 'tasks',
        jsonb_build_array(jsonb_build_object('id', 'load', 'type', 'io.kestra.plugin.core.log.Log', 'message', 'hello')))
from generate_series(0, 300) as f
on conflict do nothing;
analyze sluice.flows;
