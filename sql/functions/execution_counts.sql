-- Executions counted by time, flow and state. sql/README.md ("Counts") says why these numbers are always exact.
--
-- Compiling a plan takes longer than any of these questions (jit); a plan for any span, of a day or of ten years, compares
-- each row with each bucket (plan_cache_mode).

create or replace function sluice.id_prefix(at timestamptz) returns text
language plpgsql immutable strict parallel safe as $$
declare
    digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    n bigint := trunc(extract(epoch from at)::float8 * 0.025359029046812);  -- 1000 ms * 2^80 / 62^16
begin
    return substr(digits, (n / 916132832 % 62)::integer + 1, 1) || substr(digits, (n / 14776336 % 62)::integer + 1, 1)
        || substr(digits, (n / 238328 % 62)::integer + 1, 1) || substr(digits, (n / 3844 % 62)::integer + 1, 1)
        || substr(digits, (n / 62 % 62)::integer + 1, 1) || substr(digits, (n % 62)::integer + 1, 1);
end $$;
comment on function sluice.id_prefix(timestamptz) is
    'The first six characters of ids of an instant; each such prefix spans some 39 seconds.';

create or replace function sluice.count_slice() returns interval
language sql immutable parallel safe as $$ select interval '10 minutes' $$;
comment on function sluice.count_slice() is 'Buckets of the hour that runs are this long; hours that are over become one each.';

create or replace function sluice.slice_of(at timestamptz) returns timestamptz
language sql immutable parallel safe as $$  -- strict, it would be called and planned each time instead of being inlined
    select date_bin(sluice.count_slice(), at, timestamptz '2001-01-01 00:00:00Z')
$$;
comment on function sluice.slice_of(timestamptz) is 'When the slice of an instant begins.';

-- Whoever changes executions with ids below this puts their prefixes into sluice.recounts. The clock is asked while the
-- statement runs, when its transaction has an id already: sluice.advance_counts relies on that.
create or replace function sluice.recount_below() returns text
language plpgsql volatile as $$
begin
    return sluice.id_prefix(sluice.slice_of(clock_timestamp() - interval '5 minutes') + interval '1 minute');
end $$;
comment on function sluice.recount_below() is 'Ids below this may have been counted; see sql/README.md, "Counts".';

create or replace function sluice.duration_bin(seconds double precision) returns smallint
language sql immutable parallel safe as $$
    select least(160, greatest(0, floor(4 * ln(greatest(1.0, seconds * 1000)) / 0.693147180559945)))::smallint
$$;
comment on function sluice.duration_bin(double precision) is
    'Durations on a scale of quarter octaves: bin b is [2^(b/4), 2^((b+1)/4)) milliseconds. What is read of it is off by 9 % at most.';

create or replace function sluice.has_end(state text) returns boolean
language sql immutable parallel safe as $$
    select state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'SKIPPED', 'PAUSED')
$$;
comment on function sluice.has_end(text) is 'Whether executions of this state have an end: that of a pause is its beginning.';

-- Executions with ids in [lowest_id, end_id), read one by one. Durations of those without an end run until `until`.
create or replace function sluice.read_counts(lowest_id text, end_id text, until timestamptz, by_hour boolean default false,
    of_namespace text default null, of_flow text default null, of_states text[] default null, of_labels jsonb default null)
returns table (bucket timestamptz, namespace text, flow_id text, state text, executions bigint, seconds double precision,
    shortest double precision, longest double precision, bins smallint[], in_bins bigint[])
language sql stable rows 1000 as $$
    select b.bucket, b.namespace, b.flow_id, b.state, sum(b.executions)::bigint, sum(b.seconds), min(b.shortest), max(b.longest),
        array_agg(b.bin order by b.bin) filter (where b.bin is not null),
        array_agg(b.executions order by b.bin) filter (where b.bin is not null)
    from (
        select d.bucket, d.namespace, d.flow_id, d.state, d.bin, count(*) as executions, sum(d.seconds) as seconds,
            min(d.seconds) as shortest, max(d.seconds) as longest
        from (
            select case when by_hour then date_trunc('hour', e.created_at, 'UTC') end as bucket, e.namespace, e.flow_id, e.state,
                case when e.ended_at is not null and e.state <> 'PAUSED'
                     then sluice.duration_bin(extract(epoch from e.ended_at - e.created_at)::float8) end as bin,
                greatest(0, extract(epoch from coalesce(e.ended_at, until) - e.created_at))::float8 as seconds
            from sluice.executions e
            where e.id >= lowest_id and e.id < end_id and e.kind is null
                and (of_namespace is null or e.namespace = of_namespace
                     or (of_flow is null and starts_with(e.namespace, of_namespace || '.')))
                and (of_flow is null or e.flow_id = of_flow)
                and (of_states is null or e.state = any (of_states))
                and (of_labels is null or (e.labels <> '{}' and e.labels @> of_labels))) d
        group by d.bucket, d.namespace, d.flow_id, d.state, d.bin) b
    group by b.bucket, b.namespace, b.flow_id, b.state
$$;
comment on function sluice.read_counts is 'Executions of a span of ids by flow and state, counted from their rows.';

-- Task runs of executions with ids in [lowest_id, end_id), read one by one.
create or replace function sluice.read_task_runs(lowest_id text, end_id text, until timestamptz, of_namespace text default null,
    of_flow text default null, of_states text[] default null)
returns table (namespace text, flow_id text, state text, task_runs bigint, seconds double precision, shortest double precision,
    longest double precision)
language sql stable rows 1000 as $$
    select t.namespace, t.flow_id, t.state, count(*), sum(d.seconds), min(d.seconds), max(d.seconds)
    from sluice.task_runs t
    cross join lateral (
        select greatest(0, extract(epoch from coalesce(t.ended_at, until) - t.created_at))::float8 as seconds) d
    where t.execution_id >= lowest_id and t.execution_id < end_id
        and (of_namespace is null or t.namespace = of_namespace
             or (of_flow is null and starts_with(t.namespace, of_namespace || '.')))
        and (of_flow is null or t.flow_id = of_flow)
        and (of_states is null or t.state = any (of_states))
    group by t.namespace, t.flow_id, t.state
$$;
comment on function sluice.read_task_runs is 'Task runs of a span of executions by flow and state, counted from their rows.';

-- ------------------------------------------------------------------------------------------------------- reading

-- Buckets with ids that begin with these six characters: of each one, or the two that it lies between.
create or replace function sluice.buckets_of(prefixes text[])
returns table (starts_at timestamptz, ends_at timestamptz, lowest_id text, end_id text)
language sql stable rows 10 as $$
    select b.starts_at, b.ends_at, b.lowest_id, b.end_id
    from unnest(prefixes) as m(prefix)
    cross join lateral (
        select x.starts_at, x.ends_at, x.lowest_id, x.end_id
        from sluice.execution_buckets x
        where x.lowest_id < m.prefix || '~'
        order by x.lowest_id desc
        limit 2) b
    where b.end_id >= m.prefix
$$;
comment on function sluice.buckets_of(text[]) is 'Buckets that marks in sluice.recounts are of.';

-- Buckets that have marks.
create or replace function sluice.marked_buckets() returns setof timestamptz
language sql stable rows 10 as $$
    select distinct b.starts_at from sluice.buckets_of(array(select distinct prefix from sluice.recounts)) b
$$;
comment on function sluice.marked_buckets() is 'Buckets in which something changed since they were counted.';

-- Those of them between counted_from and counted_until: what is outside is read anyway.
create or replace function sluice.marked_within_counted() returns setof sluice.execution_buckets
language sql stable rows 10 as $$
    select b.*
    from sluice.count_progress p
    cross join sluice.marked_buckets() m
    join sluice.execution_buckets b on b.starts_at = m
    where p.name = 'executions' and b.starts_at >= p.counted_from and b.starts_at < p.counted_until
$$;
comment on function sluice.marked_within_counted() is 'For sluice.uncounted_spans and sluice.count_now.';

-- Days of which every hour can be believed as it was summed.
create or replace function sluice.believed_days("from" timestamptz, until timestamptz) returns setof sluice.count_days
language sql stable rows 100 as $$
    select d.*
    from sluice.count_days d
    where d.starts_at >= "from" and d.starts_at <= until - interval '24 hours'
        and d.starts_at not in (select date_trunc('day', m, 'UTC') from sluice.marked_buckets() m)
$$;
comment on function sluice.believed_days(timestamptz, timestamptz) is 'Whole days (UTC) between two instants that were summed, without marks.';

-- What is between two instants as buckets that can be believed, and the gaps between them, oldest first. With `by_day` whole
-- days (UTC) are one bucket, where they were summed.
drop function if exists sluice.count_pieces(timestamptz, timestamptz);  -- of 0030
create or replace function sluice.count_pieces("from" timestamptz, until timestamptz, by_day boolean)
returns table (starts_at timestamptz, ends_at timestamptz, lowest_id text, end_id text, counted boolean, whole_day boolean)
language plpgsql stable rows 100 as $$
#variable_conflict use_column
declare
    first_id constant text := sluice.lowest_id("from");
begin
    return query
    with days as materialized (
        select d.starts_at, d.lowest_id, d.end_id from sluice.believed_days("from", until) d where by_day
    ), believed as materialized (
        select b.starts_at, b.ends_at, b.lowest_id, b.end_id, false as whole_day
        from sluice.execution_buckets b
        where b.starts_at >= "from" and b.ends_at <= until
            and b.starts_at not in (select m from sluice.marked_buckets() m)
            and date_trunc('day', b.starts_at, 'UTC') not in (select d.starts_at from days d)
        union all
        select d.starts_at, d.starts_at + interval '24 hours', d.lowest_id, d.end_id, true
        from days d
    ), walked as materialized (
        select b.*, coalesce(lag(b.ends_at) over before, "from") as reached, coalesce(lag(b.end_id) over before, first_id) as reached_id
        from believed b
        window before as (order by b.starts_at)
    )
    select w.starts_at, w.ends_at, w.lowest_id, w.end_id, true, w.whole_day from walked w
    union all
    select w.reached, w.starts_at, w.reached_id, w.lowest_id, false, false from walked w where w.starts_at > w.reached
    union all
    select r.reached, until, r.reached_id, sluice.lowest_id(until), false, false
    from (select coalesce(max(b.ends_at), "from") as reached, coalesce(max(b.end_id collate "C"), first_id) as reached_id
          from believed b) r
    where r.reached < until
    order by 1;
end $$;
comment on function sluice.count_pieces(timestamptz, timestamptz, boolean) is
    'Buckets that can be believed between two instants, and what must be read from executions.';

-- Of a namespace also those below it, unless a flow is named: then of exactly that one. Names come from the index, one after the
-- other: there are few, and rows by the thousand of each.
create or replace function sluice.counted_namespaces(of_namespace text, of_flow text) returns text[]
language plpgsql stable as $$
declare
    names text[] := array[of_namespace];
    name text := '';
begin
    if of_namespace is null or of_flow is not null then
        return case when of_namespace is not null then names end;
    end if;
    loop
        -- Counts of task runs know those of all kinds of executions.
        select least((select c.namespace from sluice.execution_counts c where c.namespace > name order by c.namespace limit 1),
                     (select c.namespace from sluice.task_run_counts c where c.namespace > name order by c.namespace limit 1))
        into name;
        exit when name is null;
        if starts_with(name, of_namespace || '.') then
            names := names || name;
        end if;
    end loop;
    return names;
end $$;
comment on function sluice.counted_namespaces(text, text) is
    'A namespace and those below it, as far as anything of them was counted; null: all. With a flow only that one.';

-- Executions whose ids are of [from, until), by bucket, which is an hour at most; with the unit 'day' a whole day (UTC) where that
-- was summed, and 'all' is one bucket for everything. By flow where that is asked for (then without the bins of durations, which
-- would be most of what is read). In one snapshot with whatever else the calling statement reads.
drop function if exists sluice.executions_counted(timestamptz, timestamptz, text, text, text[], boolean, jsonb);  -- of 0030
create or replace function sluice.executions_counted("from" timestamptz, until timestamptz, of_namespace text default null,
    of_flow text default null, of_states text[] default null, by_flow boolean default false, of_labels jsonb default null,
    unit text default 'hour')
returns table (bucket timestamptz, namespace text, flow_id text, state text, executions bigint, seconds double precision,
    shortest double precision, longest double precision, bins smallint[], in_bins bigint[])
language plpgsql stable rows 1000 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    starts timestamptz[];
    ends timestamptz[];
    whole boolean[];
    gaps text[];
    names text[];
begin
    if of_labels is null then
        select array_agg(p.starts_at) filter (where p.counted), array_agg(p.ends_at) filter (where p.counted),
            array_agg(p.whole_day) filter (where p.counted),
            array_agg(array[p.lowest_id, p.end_id]) filter (where not p.counted)
        into starts, ends, whole, gaps
        from sluice.count_pieces("from", until, unit <> 'hour') p;
    end if;
    if starts is null then  -- nothing is counted yet, or labels are asked for: all is read
        gaps := array[array[sluice.lowest_id("from"), sluice.lowest_id(until)]];
    elsif of_flow is null and not by_flow then
        return query
        select c.bucket, ''::text, ''::text, c.state, c.executions, c.seconds + c.executions * w.more, c.shortest + w.more,
            c.longest + w.more, c.bins, c.in_bins
        from (select u.*, extract(epoch from now() - u.ends_at)::float8 as age
              from unnest(starts, ends, whole) as u(starts_at, ends_at, whole_day)
              offset 0) p  -- once for a piece, not for each of its rows
        cross join lateral (
            select t.*
            from sluice.execution_totals t
            where t.whole_day = p.whole_day and t.bucket = p.starts_at and t.within = coalesce(of_namespace, '')
                and (of_states is null or t.state = any (of_states))
            offset 0) c
        cross join lateral (select case when sluice.has_end(c.state) then 0 else p.age end as more) w;
    elsif by_flow and unit = 'all' then
        names := sluice.counted_namespaces(of_namespace, of_flow);
        return query
        select "from", c.namespace, c.flow_id, c.state, sum(c.executions)::bigint, sum(c.seconds + c.executions * w.more),
            min(c.shortest + w.more), max(c.longest + w.more), null::smallint[], null::bigint[]
        from (select u.*, extract(epoch from now() - u.ends_at)::float8 as age
              from unnest(starts, ends, whole) as u(starts_at, ends_at, whole_day)
              offset 0) p  -- once for a piece, not for each of its rows
        cross join lateral (
            select x.namespace, x.flow_id, x.state, x.executions, x.seconds, x.shortest, x.longest
            from sluice.execution_counts x
            where x.whole_day = p.whole_day and x.bucket = p.starts_at and (names is null or x.namespace = any (names))
                and (of_flow is null or x.flow_id = of_flow) and (of_states is null or x.state = any (of_states))
            offset 0) c
        cross join lateral (select case when sluice.has_end(c.state) then 0 else p.age end as more) w
        group by c.namespace, c.flow_id, c.state;
    else
        names := sluice.counted_namespaces(of_namespace, of_flow);
        return query
        select c.bucket, c.namespace, c.flow_id, c.state, c.executions, c.seconds + c.executions * w.more, c.shortest + w.more,
            c.longest + w.more, case when not by_flow then c.bins end, case when not by_flow then c.in_bins end
        from (select u.*, extract(epoch from now() - u.ends_at)::float8 as age
              from unnest(starts, ends, whole) as u(starts_at, ends_at, whole_day)
              offset 0) p  -- once for a piece, not for each of its rows
        cross join lateral (
            select x.*
            from sluice.execution_counts x
            where x.whole_day = p.whole_day and x.bucket = p.starts_at and (names is null or x.namespace = any (names))
                and (of_flow is null or x.flow_id = of_flow) and (of_states is null or x.state = any (of_states))
            offset 0) c  -- a bucket is a piece of the primary key; joined as a whole, all hours would be read for some days
        cross join lateral (select case when sluice.has_end(c.state) then 0 else p.age end as more) w;
    end if;
    for i in 1 .. coalesce(array_length(gaps, 1), 0) loop
        return query
        select greatest(r.bucket, "from"), r.namespace, r.flow_id, r.state, r.executions, r.seconds, r.shortest,
            r.longest, r.bins, r.in_bins
        from sluice.read_counts(gaps[i][1], gaps[i][2], now(), true, of_namespace, of_flow, of_states, of_labels) r;
    end loop;
end $$;
comment on function sluice.executions_counted is
    'Executions by time, state and, where asked for, flow: from what is counted already, and the rest from their rows.';

create or replace function sluice.has_sums() returns boolean
language sql stable as $$
    select not exists (select from sluice.execution_buckets b where not b.has_sums)
        and not exists (select from sluice.count_days d where not d.has_sums)
$$;
comment on function sluice.has_sums() is 'Whether all that is counted was added up, too: not what a server of before counted, for some minutes.';

-- Task runs of the executions whose ids are of [from, until), by day (UTC), state and, where that is asked for, flow.
drop function if exists sluice.task_runs_counted(timestamptz, timestamptz, text, text, text[]);  -- of 0045
create or replace function sluice.task_runs_counted("from" timestamptz, until timestamptz, of_namespace text default null,
    of_flow text default null, of_states text[] default null, by_flow boolean default true)
returns table (bucket timestamptz, namespace text, flow_id text, state text, task_runs bigint, seconds double precision,
    shortest double precision, longest double precision)
language plpgsql stable rows 1000 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    starts timestamptz[];
    ends timestamptz[];
    whole boolean[];
    gap_starts timestamptz[];
    gap_ends timestamptz[];
    gaps text[];
    oldest timestamptz;
    day timestamptz;
    names constant text[] := sluice.counted_namespaces(of_namespace, of_flow);
    by_total constant boolean := of_flow is null and not by_flow and sluice.has_sums();
begin
    select coalesce(array_agg(p.starts_at) filter (where p.counted), '{}'), array_agg(p.ends_at) filter (where p.counted),
        array_agg(p.whole_day) filter (where p.counted), array_agg(p.starts_at) filter (where not p.counted),
        array_agg(p.ends_at) filter (where not p.counted), array_agg(array[p.lowest_id, p.end_id]) filter (where not p.counted)
    into starts, ends, whole, gap_starts, gap_ends, gaps
    from sluice.count_pieces("from", until, true) p;
    return query
    select p.day, c.namespace, c.flow_id, c.state, sum(c.task_runs)::bigint, sum(c.seconds + c.task_runs * w.more),
        min(c.shortest + w.more), max(c.longest + w.more)
    from (select u.*, extract(epoch from now() - u.ends_at)::float8 as age,
              greatest(date_trunc('day', u.starts_at, 'UTC'), "from") as day
          from unnest(starts, ends, whole) as u(starts_at, ends_at, whole_day)
          offset 0) p  -- once for a piece, not for each of its rows
    cross join lateral (
        select case when by_flow then x.namespace else '' end as namespace, case when by_flow then x.flow_id else '' end as flow_id,
            x.state, x.task_runs, x.seconds, x.shortest, x.longest
        from sluice.task_run_counts x
        where not by_total and x.whole_day = p.whole_day and x.bucket = p.starts_at and (names is null or x.namespace = any (names))
            and (of_flow is null or x.flow_id = of_flow) and (of_states is null or x.state = any (of_states))
        union all
        select '', '', x.state, x.task_runs, x.seconds, x.shortest, x.longest
        from sluice.task_run_totals x
        where by_total and x.whole_day = p.whole_day and x.bucket = p.starts_at and x.within = coalesce(of_namespace, '')
            and (of_states is null or x.state = any (of_states))
        offset 0) c
    cross join lateral (select case when sluice.has_end(c.state) then 0 else p.age end as more) w
    group by p.day, c.namespace, c.flow_id, c.state;
    -- Days before there was anything are not asked for one by one.
    select date_trunc('day', e.created_at, 'UTC') - interval '24 hours' into oldest from sluice.executions e order by e.id limit 1;
    for i in 1 .. coalesce(array_length(gaps, 1), 0) loop
        exit when oldest is null;
        for day in
            select d
            from generate_series(greatest(date_trunc('day', gap_starts[i], 'UTC'), oldest),
                                 gap_ends[i] - interval '1 microsecond', interval '24 hours') as d
        loop
            return query
            select greatest(day, "from"), r.namespace, r.flow_id, r.state, r.task_runs, r.seconds, r.shortest, r.longest
            from sluice.read_task_runs(greatest(gaps[i][1] collate "C", sluice.lowest_id(day)),
                                       least(gaps[i][2] collate "C", sluice.lowest_id(day + interval '24 hours')),
                                       now(), of_namespace, of_flow, of_states) r;
        end loop;
    end loop;
end $$;
comment on function sluice.task_runs_counted is
    'Task runs by time, flow and state: from what is counted already, and the rest from their rows.';

-- How many task runs there are, whenever their executions began.
create or replace function sluice.task_runs_total(of_namespace text default null, of_flow text default null,
    of_states text[] default null) returns bigint
language plpgsql stable set jit = off set plan_cache_mode = force_custom_plan as $$
declare
    names constant text[] := sluice.counted_namespaces(of_namespace, of_flow);
    by_total constant boolean := of_flow is null and sluice.has_sums();
    total bigint := 0;
    counted bigint;
    gap record;
begin
    select coalesce(sum(c.task_runs), 0)
    into total
    from sluice.count_pieces(timestamptz '2020-01-01', now() + interval '1 hour', true) p
    cross join lateral (
        select x.task_runs
        from sluice.task_run_counts x
        where not by_total and x.whole_day = p.whole_day and x.bucket = p.starts_at and (names is null or x.namespace = any (names))
            and (of_flow is null or x.flow_id = of_flow) and (of_states is null or x.state = any (of_states))
        union all
        select x.task_runs
        from sluice.task_run_totals x
        where by_total and x.whole_day = p.whole_day and x.bucket = p.starts_at and x.within = coalesce(of_namespace, '')
            and (of_states is null or x.state = any (of_states))
        offset 0) c
    where p.counted;
    for gap in
        select p.lowest_id, p.end_id
        from sluice.count_pieces(timestamptz '2020-01-01', now() + interval '1 hour', true) p
        where not p.counted
    loop
        select count(*)
        into counted
        from sluice.task_runs t
        where t.execution_id >= gap.lowest_id and t.execution_id < gap.end_id
            and (of_namespace is null or t.namespace = of_namespace
                 or (of_flow is null and starts_with(t.namespace, of_namespace || '.')))
            and (of_flow is null or t.flow_id = of_flow) and (of_states is null or t.state = any (of_states));
        total := total + counted;
    end loop;
    return total;
end $$;
comment on function sluice.task_runs_total is 'How many task runs there are: from what is counted already, and the rest from their rows.';

-- What is not counted, or was changed since, as spans of ids.
create or replace function sluice.uncounted_spans() returns table (starts_at timestamptz, lowest_id text, end_id text)
language plpgsql stable rows 10 as $$
#variable_conflict use_column
begin
    return query
    select p.counted_until, sluice.lowest_id(p.counted_until), '~'
    from sluice.count_progress p
    where p.name = 'executions' and p.counted_until is not null
    union all
    select b.starts_at, b.lowest_id, b.end_id from sluice.marked_within_counted() b
    union all
    select timestamptz '-infinity', '', coalesce(sluice.lowest_id(p.counted_from), '~')
    from sluice.count_progress p
    where p.name = 'executions';
end $$;
comment on function sluice.uncounted_spans() is 'Spans of ids whose executions must be read.';

-- Where executions, or task runs, of some states are, newest first: what is counted tells the flow and the bucket; the rest, of which that is
-- not known, comes as spans without a flow. A search for the few that run must not read a year of those that ended.
drop function if exists sluice.whereabouts(text[], text, text, text, integer);  -- of 0030: of executions only
create or replace function sluice.whereabouts(states text[], of_namespace text, of_flow text, below_id text, most integer,
    of_task_runs boolean default false)
returns table (starts_at timestamptz, namespace text, flow_id text, lowest_id text, end_id text, found bigint)
language plpgsql stable rows 100 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    counted_from timestamptz;
    counted_until timestamptz;
    newest timestamptz;
    marked timestamptz[];
begin
    select p.counted_from, p.counted_until into counted_from, counted_until from sluice.count_progress p where p.name = 'executions';
    select coalesce(array_agg(m), '{}') into marked from sluice.marked_buckets() m;
    select b.starts_at into newest from sluice.execution_buckets b where b.lowest_id < below_id order by b.lowest_id desc limit 1;
    -- Of each state the newest, in the order of the index: all of a common one would be tens of thousands of rows.
    return query
    (select r.bucket, r.namespace, r.flow_id, b.lowest_id, b.end_id, r.found
     from (select c.bucket, c.namespace, c.flow_id, sum(c.found)::bigint as found
           from (select distinct s as state from unnest(states) as s where s <> 'SUCCESS') w
           cross join lateral (
               (select x.bucket, x.namespace, x.flow_id, x.executions as found
                from sluice.execution_counts x
                where not of_task_runs and x.state = w.state and x.state <> 'SUCCESS' and not x.whole_day
                    and x.bucket >= counted_from and x.bucket < counted_until and x.bucket <= newest and x.bucket <> all (marked)
                    and (of_namespace is null or x.namespace = of_namespace
                         or (of_flow is null and starts_with(x.namespace, of_namespace || '.')))
                    and (of_flow is null or x.flow_id = of_flow)
                order by x.bucket desc
                limit most)
               union all
               (select x.bucket, x.namespace, x.flow_id, x.task_runs
                from sluice.task_run_counts x
                where of_task_runs and x.state = w.state and x.state <> 'SUCCESS' and not x.whole_day
                    and x.bucket >= counted_from and x.bucket < counted_until and x.bucket <= newest and x.bucket <> all (marked)
                    and (of_namespace is null or x.namespace = of_namespace
                         or (of_flow is null and starts_with(x.namespace, of_namespace || '.')))
                    and (of_flow is null or x.flow_id = of_flow)
                order by x.bucket desc
                limit most)) c
           group by c.bucket, c.namespace, c.flow_id
           order by c.bucket desc
           limit most) r
     join sluice.execution_buckets b on b.starts_at = r.bucket)
    union all
    select u.starts_at, null, null, u.lowest_id, u.end_id, 0
    from sluice.uncounted_spans() u
    where u.lowest_id < below_id
    order by 1 desc;
end $$;
comment on function sluice.whereabouts(text[], text, text, text, integer, boolean) is
    'Where to look for executions, or task runs, of these states (not SUCCESS) with ids below an id, newest first; what is not counted is whole.';

-- How many executions are in these states now, whenever they began.
create or replace function sluice.count_now(states text[], of_namespace text default null, of_flow text default null)
returns table (state text, executions bigint)
language plpgsql stable rows 5 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    progress sluice.count_progress;
    marked timestamptz[];
    span record;
begin
    select * into strict progress from sluice.count_progress where name = 'executions';
    select coalesce(array_agg(m), '{}') into marked from sluice.marked_buckets() m;
    return query
    select c.state, sum(c.executions)::bigint
    from sluice.execution_counts c
    where not c.whole_day and c.state = any (states) and c.state <> 'SUCCESS' and c.bucket >= progress.counted_from
        and c.bucket < progress.counted_until and c.bucket <> all (marked)
        and (of_namespace is null or c.namespace = of_namespace
              or (of_flow is null and starts_with(c.namespace, of_namespace || '.')))
        and (of_flow is null or c.flow_id = of_flow)
    group by c.state;
    for span in
        select '' as lowest_id, coalesce(sluice.lowest_id(progress.counted_from), '~') as end_id
        union all
        select sluice.lowest_id(progress.counted_until), '~' where progress.counted_until is not null
        union all
        select b.lowest_id, b.end_id from sluice.marked_within_counted() b
    loop
        return query
        select e.state, count(*)
        from sluice.executions e
        where e.id >= span.lowest_id and e.id < span.end_id and e.kind is null and e.state = any (states)
            and (of_namespace is null or e.namespace = of_namespace
                     or (of_flow is null and starts_with(e.namespace, of_namespace || '.')))
            and (of_flow is null or e.flow_id = of_flow)
        group by e.state;
    end loop;
end $$;
comment on function sluice.count_now(text[], text, text) is
    'Executions in these states (not SUCCESS) now, whenever they began; several rows for a state.';
