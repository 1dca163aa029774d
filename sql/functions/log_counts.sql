-- Log lines counted by time, namespace, flow and level. sql/README.md ("Counts") says how these numbers come about.

-- What has to be read besides the counts, as spans of time: hours that are not whole, or of which lines were deleted.
create or replace function sluice.uncounted_hours("from" timestamptz, until timestamptz)
returns table (hour timestamptz, starts_at timestamptz, ends_at timestamptz)
language sql stable rows 10 as $$
    select h.hour, greatest(h.hour, "from"), least(h.hour + interval '1 hour', until)
    from (
        select distinct date_trunc('hour', t, 'UTC') as hour
        from (values ("from"), (case when until <= now() then until end)) as ends(t)
        where t <> date_trunc('hour', t, 'UTC')
        union
        select r.bucket from sluice.log_recounts r where r.bucket > "from" - interval '1 hour' and r.bucket < until) h
    order by h.hour desc
$$;
comment on function sluice.uncounted_hours(timestamptz, timestamptz) is 'For sluice.lines_counted.';

-- Lines with times of ["from", until) and numbers of (after, upto], from their rows.
create or replace function sluice.read_lines("from" timestamptz, until timestamptz, after bigint, upto bigint, of_namespace text,
    of_flow text, min_level integer)
returns table (day timestamptz, level smallint, lines bigint)
language sql stable rows 10 as $$
    select date_trunc('day', l.at, 'UTC'), l.level, count(*)
    from sluice.logs l
    where l.at >= "from" and l.at < until and l.seq > after and l.seq <= upto and l.level >= min_level
        and (of_namespace is null or l.namespace = of_namespace or starts_with(l.namespace, of_namespace || '.'))
        and (of_flow is null or l.flow_id = of_flow)
    group by 1, 2
$$;
comment on function sluice.read_lines(timestamptz, timestamptz, bigint, bigint, text, text, integer) is 'For sluice.lines_counted.';

-- Whole hours, and whole days of them, from what is counted.
create or replace function sluice.counted_lines(hours timestamptz[], days timestamptz[], of_namespace text, of_flow text,
    min_level integer)
returns table (day timestamptz, level smallint, lines bigint)
language plpgsql stable rows 100 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    names text[] := array[coalesce(of_namespace, '')];  -- a row of a namespace has what is below it
    gone constant timestamptz[] := array(select sluice.gone_log_weeks());
begin
    if of_flow is not null then
        names := array(select distinct f.namespace
                       from sluice.flows f
                       where f.flow_id = of_flow and (of_namespace is null or f.namespace = of_namespace
                                                      or starts_with(f.namespace, of_namespace || '.')));
    end if;
    return query
    select date_trunc('day', c.bucket, 'UTC'), c.level, sum(c.lines)::bigint
    from (select unnest(hours) as bucket, false as whole_day union all select unnest(days), true offset 0) p
    cross join lateral (
        select x.bucket, x.level, x.lines
        from sluice.log_counts x
        where x.whole_day = p.whole_day and x.bucket = p.bucket and x.namespace = any (names)
            and x.flow_id = coalesce(of_flow, '') and x.level >= min_level and x.week <> all (gone)
        offset 0) c  -- a bucket is a piece of the primary key
    group by 1, 2;
end $$;
comment on function sluice.counted_lines(timestamptz[], timestamptz[], text, text, integer) is 'For sluice.lines_counted.';

-- Lines with times of ["from", until) by day (UTC) and level, in one snapshot. What is not counted is read as long as that is
-- little; then a day is exact. Where it would be much, the day is estimated: of an hour that is not whole its share, of lines
-- that were deleted a moment ago what they were, and of history that nobody has counted yet nothing.
create or replace function sluice.lines_counted("from" timestamptz, until timestamptz, of_namespace text default null,
    of_flow text default null, min_level integer default 0)
returns table (day timestamptz, level smallint, lines bigint, estimated boolean)
language plpgsql stable rows 100 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    budget bigint := 30000;  -- lines that are read; some 50 ms
    progress sluice.log_count_progress;
    drawn constant bigint := (select last_value from sluice.logs_seq);
    reached bigint;
    special timestamptz[] := '{}';  -- hours that the counts don't answer
    span record;
    whole bigint;
    part double precision;
    days timestamptz[];
    hours timestamptz[];
begin
    select * into strict progress from sluice.log_count_progress where name = 'logs';
    progress.counted_from := coalesce(progress.counted_from, drawn);
    progress.counted_upto := coalesce(progress.counted_upto, drawn);
    -- What is new, and then what is old.
    reached := least(drawn, progress.counted_upto + budget);
    budget := budget - (reached - progress.counted_upto);
    return query
    select r.day, r.level, r.lines, reached < drawn
    from sluice.read_lines("from", until, progress.counted_upto, reached, of_namespace, of_flow, min_level) r;
    if progress.counted_from <= budget then
        budget := budget - progress.counted_from;
        return query
        select r.day, r.level, r.lines, false
        from sluice.read_lines("from", until, 0, progress.counted_from, of_namespace, of_flow, min_level) r;
    else
        return query
        select d, 0::smallint, 0::bigint, true
        from generate_series(date_trunc('day', "from", 'UTC'), until, interval '24 hours') as d;
    end if;
    for span in select u.* from sluice.uncounted_hours("from", until) u loop
        special := special || span.hour;
        select coalesce(sum(c.lines), 0) into whole from sluice.counted_lines(array[span.hour], '{}', null, null, 0) c;
        if whole <= budget then
            budget := budget - whole;
            return query
            select r.day, r.level, r.lines, false
            from sluice.read_lines(span.starts_at, span.ends_at, progress.counted_from, progress.counted_upto, of_namespace,
                                   of_flow, min_level) r;
        else
            part := extract(epoch from span.ends_at - span.starts_at) / 3600;
            return query
            select c.day, c.level, round(c.lines * part)::bigint, true
            from sluice.counted_lines(array[span.hour], '{}', of_namespace, of_flow, min_level) c;
        end if;
    end loop;
    -- Hours after the one that runs have no lines yet, and days before there was anything none.
    select array(select d from generate_series(date_trunc('day', "from" + interval '24 hours' - interval '1 microsecond', 'UTC'),
                                               until - interval '24 hours', interval '24 hours') as d
                 where d <> all (array(select date_trunc('day', s, 'UTC') from unnest(special) s))) into days;
    select array(select h from generate_series(date_trunc('hour', "from", 'UTC'), least(until, now()), interval '1 hour') as h
                 where h <> all (special) and h < until and date_trunc('day', h, 'UTC') <> all (days)) into hours;
    return query select c.day, c.level, c.lines, false from sluice.counted_lines(hours, days, of_namespace, of_flow, min_level) c;
end $$;
comment on function sluice.lines_counted(timestamptz, timestamptz, text, text, integer) is
    'Log lines by day (UTC) and level: from what is counted already, and the rest from their rows as long as these are few.';

-- All lines, or those of a time. Null: not known without reading many, since history is not counted yet.
create or replace function sluice.lines_total("from" timestamptz default null, until timestamptz default null,
    of_namespace text default null, of_flow text default null, min_level integer default 0)
returns table (lines bigint, estimated boolean)
language sql stable rows 1 as $$
    select case when coalesce(p.counted_from, (select s.last_value from sluice.logs_seq s)) <= 30000 then coalesce(sum(c.lines), 0)::bigint end,
        coalesce(bool_or(c.estimated), false)
    from sluice.log_count_progress p
    cross join (select coalesce(min(x.bucket), date_trunc('day', now(), 'UTC')) - interval '7 days' as oldest
                from sluice.log_counts x where x.whole_day) o
    cross join sluice.lines_counted(greatest("from", o.oldest), coalesce(until, now() + interval '1 hour'), of_namespace, of_flow,
                                    min_level) c
    where p.name = 'logs'
    group by p.counted_from
$$;
comment on function sluice.lines_total(timestamptz, timestamptz, text, text, integer) is
    'How many log lines there are: from what is counted already, and the rest from their rows as long as these are few.';
