-- What boards ask of the counts of executions: sums over all of a span, by flow or by namespace, and none of the distributions of
-- durations that sluice.executions_counted() gives.

-- Flows with executions whose ids are of ["from", until); a flow may have several rows.
create or replace function sluice.flows_counted("from" timestamptz, until timestamptz, of_namespace text default null,
    of_flow text default null)
returns table (namespace text, flow_id text, executions bigint, failed bigint, ended_well bigint, seconds double precision)
language plpgsql stable rows 1000 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    names constant text[] := sluice.counted_namespaces(of_namespace, of_flow);
    gap record;
begin
    if sluice.has_sums() then
        return query
        select c.namespace, c.flow_id, sum(c.executions)::bigint, sum(c.failed)::bigint, sum(c.ended_well)::bigint, sum(c.seconds)
        from (select p.starts_at, p.whole_day from sluice.count_pieces("from", until, true) p where p.counted offset 0) p
        cross join lateral (
            select x.namespace, x.flow_id, x.executions, x.failed, x.ended_well, x.seconds
            from sluice.flow_sums x
            where x.whole_day = p.whole_day and x.bucket = p.starts_at and (names is null or x.namespace = any (names))
                and (of_flow is null or x.flow_id = of_flow)
            offset 0) c  -- a bucket is a piece of the primary key
        group by c.namespace, c.flow_id;
    else
        return query
        select c.namespace, c.flow_id, sum(c.executions)::bigint,
            coalesce(sum(c.executions) filter (where c.state in ('FAILED', 'KILLED', 'RETRIED')), 0)::bigint,
            coalesce(sum(c.executions) filter (where c.state in ('SUCCESS', 'WARNING')), 0)::bigint,
            coalesce(sum(c.seconds) filter (where c.state in ('SUCCESS', 'WARNING')), 0)
        from (select p.starts_at, p.whole_day from sluice.count_pieces("from", until, true) p where p.counted offset 0) p
        cross join lateral (
            select x.namespace, x.flow_id, x.state, x.executions, x.seconds
            from sluice.execution_counts x
            where x.whole_day = p.whole_day and x.bucket = p.starts_at and (names is null or x.namespace = any (names))
                and (of_flow is null or x.flow_id = of_flow)
            offset 0) c
        group by c.namespace, c.flow_id;
    end if;
    for gap in select p.lowest_id, p.end_id from sluice.count_pieces("from", until, true) p where not p.counted loop
        return query
        select r.namespace, r.flow_id, r.executions,
            case when r.state in ('FAILED', 'KILLED', 'RETRIED') then r.executions else 0 end,
            case when r.state in ('SUCCESS', 'WARNING') then r.executions else 0 end,
            case when r.state in ('SUCCESS', 'WARNING') then r.seconds else 0 end
        from sluice.read_counts(gap.lowest_id, gap.end_id, now(), false, of_namespace, of_flow) r;
    end loop;
end $$;
comment on function sluice.flows_counted(timestamptz, timestamptz, text, text) is
    'Executions of a span by flow, for boards; several rows for a flow.';

create or replace function sluice.parent_of(namespace text) returns text
language sql immutable parallel safe as $$
    select coalesce(substring(namespace from '^(.*)\.[^.]*$'), '')
$$;
comment on function sluice.parent_of(text) is 'The namespace that one lies in; '''': none.';

-- Executions by exactly their namespace and state. Totals of a namespace have what is below it, so those of the namespaces right
-- below are taken off: one row for a namespace, a state and a day, however many flows there are.
create or replace function sluice.namespaces_counted("from" timestamptz, until timestamptz, of_namespace text default null,
    of_states text[] default null)
returns table (namespace text, state text, executions bigint)
language plpgsql stable rows 1000 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    gap record;
begin
    return query
    select u.namespace, s.state, sum(u.executions)::bigint
    from (
        select t.within, t.state, sum(t.executions) as executions
        from (select p.starts_at, p.whole_day from sluice.count_pieces("from", until, true) p where p.counted offset 0) p
        cross join lateral (
            select x.within, x.state, x.executions
            from sluice.execution_totals x
            where x.whole_day = p.whole_day and x.bucket = p.starts_at and (of_states is null or x.state = any (of_states))
            offset 0) t
        where t.within <> ''
        group by t.within, t.state) s
    cross join lateral (values (s.within, s.executions), (sluice.parent_of(s.within), -s.executions)) u(namespace, executions)
    where u.namespace <> '' and (of_namespace is null or u.namespace = of_namespace or starts_with(u.namespace, of_namespace || '.'))
    group by u.namespace, s.state
    having sum(u.executions) <> 0;
    for gap in select p.lowest_id, p.end_id from sluice.count_pieces("from", until, true) p where not p.counted loop
        return query
        select r.namespace, r.state, r.executions
        from sluice.read_counts(gap.lowest_id, gap.end_id, now(), false, of_namespace, null, of_states) r;
    end loop;
end $$;
comment on function sluice.namespaces_counted(timestamptz, timestamptz, text, text[]) is
    'Executions of a span by namespace, without those below it, and state; several rows for a namespace.';

-- Executions with some labels, whose ids are in one of some spans: what boards that are narrowed to labels are made of. One span is
-- looked at by whatever index is best for it; several are small, and read whole.
create or replace function sluice.labelled_executions(lowest_ids text[], end_ids text[], of_labels jsonb, of_namespace text default null,
    of_flow text default null)
returns table (id text, created_at timestamptz, namespace text, flow_id text, state text, seconds double precision, bin smallint)
language plpgsql stable rows 1000 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    low constant text := lowest_ids[1];
    high constant text := end_ids[1];
begin
    if cardinality(lowest_ids) = 1 then
        return query
        select e.id, e.created_at, e.namespace, e.flow_id, e.state, d.seconds,
            case when e.ended_at is not null and e.state <> 'PAUSED' then sluice.duration_bin(d.seconds) end
        from sluice.executions e
        cross join lateral (
            select greatest(0, extract(epoch from coalesce(e.ended_at, now()) - e.created_at))::float8 as seconds) d
        where e.id >= low and e.id < high and e.kind is null and e.labels <> '{}' and e.labels @> of_labels
            and (of_namespace is null or e.namespace = of_namespace
                 or (of_flow is null and starts_with(e.namespace, of_namespace || '.')))
            and (of_flow is null or e.flow_id = of_flow);
    else
        return query
        select e.id, e.created_at, e.namespace, e.flow_id, e.state, d.seconds,
            case when e.ended_at is not null and e.state <> 'PAUSED' then sluice.duration_bin(d.seconds) end
        from unnest(lowest_ids, end_ids) as s(lowest_id, end_id)
        cross join lateral (
            select x.*
            from sluice.executions x
            where x.id >= s.lowest_id and x.id < s.end_id
            order by x.id  -- by the primary key
            offset 0) e
        cross join lateral (
            select greatest(0, extract(epoch from coalesce(e.ended_at, now()) - e.created_at))::float8 as seconds) d
        where e.kind is null and e.labels @> of_labels
            and (of_namespace is null or e.namespace = of_namespace
                 or (of_flow is null and starts_with(e.namespace, of_namespace || '.')))
            and (of_flow is null or e.flow_id = of_flow);
    end if;
end $$;
comment on function sluice.labelled_executions(text[], text[], jsonb, text, text) is 'For boards that are narrowed to labels.';

-- A sample of a span: of each of four hundred pieces a part of the same length, so that all of them have about `most` executions. Where in
-- its piece a part lies is as good as random, since schedules fire at whole minutes, but always the same. `times`: what each
-- execution stands for; one span, and 1, where there are fewer than `most`.
create or replace function sluice.sampled_spans("from" timestamptz, until timestamptz, most bigint)
returns table (lowest_ids text[], end_ids text[], times double precision)
language plpgsql stable set jit = off as $$
declare
    piece constant double precision := greatest(60, ceil(extract(epoch from until - "from")::float8 / 400));
    present bigint;
    part double precision;
begin
    select coalesce(sum(c.executions), 0) into present from sluice.executions_counted("from", until, unit => 'day') c;
    if present <= most then
        return query select array[sluice.lowest_id("from")], array[sluice.lowest_id(until)], 1::double precision;
        return;
    end if;
    part := piece * most / present;
    return query
    select array_agg(sluice.lowest_id(to_timestamp(s.at)) order by s.at),
        array_agg(sluice.lowest_id(to_timestamp(s.at + part)) order by s.at), piece / part
    from (select n * piece + (piece - part) * (hashint8(n::bigint)::bigint + 2147483648) / 4294967296.0 as at
          from generate_series(floor(extract(epoch from "from") / piece)::bigint, floor(extract(epoch from until) / piece)::bigint) as n) s
    where s.at >= extract(epoch from "from") and s.at + part < extract(epoch from until);
end $$;
comment on function sluice.sampled_spans(timestamptz, timestamptz, bigint) is 'For boards that are narrowed to labels.';
