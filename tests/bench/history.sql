-- A history for measurements: psql -v executions=1000000 -v days=30 -v task_runs=2 -v lines=10 -f history.sql, on an empty,
-- migrated database. Everything is made in sets, ids and rows in the order of time; so are the partitions, a week each.
\set ON_ERROR_STOP on
set synchronous_commit = off;
set client_min_messages = warning;
set maintenance_work_mem = '256MB';

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

-- sluice.ensure_partitions begins a new database with this week; here history comes first.
create function bench.partitions(days integer) returns void language plpgsql as $$
declare
    parent text;
    part text;
    week timestamptz := sluice.week_of(now() - make_interval(days => days));
    first boolean := true;
begin
    while week < now() loop
        foreach parent in array array['executions', 'task_runs', 'loop_values', 'logs', 'metrics'] loop
            part := format('%s_%s', parent, to_char(week at time zone 'UTC', 'IYYY"w"IW'));
            execute format('create table sluice.%I partition of sluice.%I for values from (%s) to (%L) with (fillfactor = %s)',
                           part, parent, case when first then 'minvalue' else quote_literal(sluice.lowest_id(week)) end,
                           sluice.lowest_id(week + interval '7 days'),
                           case when parent in ('executions', 'task_runs') then 85 else 100 end);
        end loop;
        week := week + interval '7 days';
        first := false;
    end loop;
end $$;
select bench.partitions(:days);
select sluice.ensure_partitions();

-- 300 flows of 30 namespaces; some run often, some hardly ever. One in fifty fails, and a few are paused, or still running
-- after days. The first nine digits of an id hold its time; the rest is as good as random.
create unlogged table bench.runs as
select r.n, r.at, r.took, f.name as flow_id, f.namespace, r.luck,
    substr(d, (r.t / 218340105584896 % 62)::integer + 1, 1) || substr(d, (r.t / 3521614606208 % 62)::integer + 1, 1)
    || substr(d, (r.t / 56800235584 % 62)::integer + 1, 1) || substr(d, (r.t / 916132832 % 62)::integer + 1, 1)
    || substr(d, (r.t / 14776336 % 62)::integer + 1, 1) || substr(d, (r.t / 238328 % 62)::integer + 1, 1)
    || substr(d, (r.t / 3844 % 62)::integer + 1, 1) || substr(d, (r.t / 62 % 62)::integer + 1, 1)
    || substr(d, (r.t % 62)::integer + 1, 1) as id_time, md5(r.n::text) as id_rest,
    case when r.at + r.took > now() then 'RUNNING'
         when r.luck < 0.000002 then 'RUNNING' when r.luck < 0.000005 then 'PAUSED' when r.luck < 0.02 then 'FAILED'
         when r.luck < 0.03 then 'WARNING' when r.luck < 0.033 then 'KILLED' else 'SUCCESS' end as state
from (
    select n, at, floor(300 * power(random(), 2))::integer as flow, random() as luck,
        (2 + 40 * power(random(), 6)) * interval '1 second' as took,
        -- milliseconds * 2^80 / 62^13
        trunc(extract(epoch from at) * 1000 * 1208925819614629174706176 / 200028539268669788905472)::bigint as t
    from (select n, now() - (:executions - n) * (make_interval(days => :days) / :executions) as at
          from generate_series(1, :executions) as n offset 0) as moments
    offset 0) as r
cross join (values ('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')) as digits(d)
cross join lateral (select format('flow_%s', r.flow) as name, format('company.team%s', r.flow % 30) as namespace) as f;

insert into sluice.flows (namespace, flow_id, revision, source, definition)
select format('company.team%s', f % 30), format('flow_%s', f), 1,
    format(E'id: flow_%s\nnamespace: company.team%s\ntasks:\n  - id: load\n    type: io.kestra.plugin.core.log.Log\n    message: hello\n', f, f % 30),
    jsonb_build_object('id', format('flow_%s', f), 'namespace', format('company.team%s', f % 30), 'tasks',
        jsonb_build_array(jsonb_build_object('id', 'load', 'type', 'io.kestra.plugin.core.log.Log', 'message', 'hello')))
from generate_series(0, 299) as f
on conflict do nothing;

insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, started_at, ended_at, labels, inputs)
select id_time || left(id_rest, 13), namespace, flow_id, 1, state, at, at + interval '20 ms',
    case when state <> 'RUNNING' then at + took end,
    jsonb_build_object('team', format('team%s', n % 40), 'region', case when luck < 0.5 then 'north' else 'south' end),
    jsonb_build_object('day', at::date)
from bench.runs;

insert into sluice.task_runs (execution_id, id, ordinal, namespace, flow_id, task_id, state, created_at, started_at, ended_at)
select id_time || left(id_rest, 13), id_time || t || left(id_rest, 12), t, namespace, flow_id, format('task_%s', t),
    case when t < :task_runs then 'SUCCESS' else state end, at + t * interval '1 ms', at + t * interval '20 ms',
    case when t < :task_runs or state <> 'RUNNING' then at + took end
from bench.runs
cross join generate_series(1, :task_runs) as t;

insert into sluice.logs (execution_id, at, level, namespace, flow_id, task_id, task_run_id, attempt, message)
select id_time || left(id_rest, 13), at + l * interval '50 ms',
    case when state = 'FAILED' and l = :lines then 4 when l % 10 = 9 then 3 when l % 5 = 0 then 1 else 2 end,
    namespace, flow_id, format('task_%s', 1 + l % :task_runs), id_time || (1 + l % :task_runs) || left(id_rest, 12), 0,
    case when state = 'FAILED' and l = :lines then 'the warehouse refused the connection: too many clients'
         else format('loaded part %s of %s, %s rows', l, :lines, (luck * 10000)::integer) end
from bench.runs
cross join generate_series(1, :lines) as l;

drop schema bench cascade;
vacuum (analyze) sluice.executions, sluice.task_runs, sluice.logs, sluice.flows;
