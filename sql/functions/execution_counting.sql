-- Counting executions and task runs, a bucket at a time; execution_counts.sql reads what is counted. sql/README.md ("Counts") says why
-- these numbers are always exact.

-- One statement may not take for ever: who counts leaves his loops after this, and goes on in the next one.
create or replace function sluice.may_count_on() returns boolean
language sql volatile as $$ select clock_timestamp() < statement_timestamp() + interval '5 seconds' $$;
comment on function sluice.may_count_on() is 'For sluice.advance_counts and sluice.advance_log_counts.';

-- '', and the namespaces that a namespace lies in, itself included.
create or replace function sluice.namespaces_around(namespace text) returns setof text
language sql immutable rows 4 as $$
    select coalesce(array_to_string(p.parts[1:n], '.'), '')
    from (select string_to_array(namespace, '.') as parts) p, generate_series(0, array_length(p.parts, 1)) as n
$$;
comment on function sluice.namespaces_around(text) is 'For sluice.advance_counts.';

-- Over all flows, and over those of each namespace with what is below it.
create or replace function sluice.sum_totals(of_day boolean, at timestamptz) returns void
language sql set jit = off set enable_hashjoin = on as $$
    with counts as materialized (
        select w as within, c.state, c.executions, c.seconds, c.shortest, c.longest, c.bins, c.in_bins
        from (select x.namespace, array_agg(a) as around
              from (select distinct namespace from sluice.execution_counts where whole_day = of_day and bucket = at) x,
                  sluice.namespaces_around(x.namespace) a
              group by x.namespace) n
        join sluice.execution_counts c on c.whole_day = of_day and c.bucket = at and c.namespace = n.namespace
        cross join unnest(n.around) as w
    )
    insert into sluice.execution_totals (whole_day, bucket, within, state, executions, seconds, shortest, longest, bins, in_bins)
    select of_day, at, t.within, t.state, t.executions, t.seconds, t.shortest, t.longest, b.bins, b.in_bins
    from (
        select c.within, c.state, sum(c.executions) as executions, sum(c.seconds) as seconds, min(c.shortest) as shortest,
            max(c.longest) as longest
        from counts c
        group by c.within, c.state) t
    left join (
        select s.within, s.state, array_agg(s.bin order by s.bin) as bins, array_agg(s.executions order by s.bin) as in_bins
        from (
            select c.within, c.state, u.bin, sum(u.executions)::bigint as executions
            from counts c, unnest(c.bins, c.in_bins) as u(bin, executions)
            group by c.within, c.state, u.bin) s
        group by s.within, s.state) b using (within, state)
$$;
comment on function sluice.sum_totals(boolean, timestamptz) is 'For sluice.advance_counts.';

-- Task runs in the same way, and each flow over all states.
create or replace function sluice.sum_counts(of_day boolean, at timestamptz) returns void
language sql set jit = off set enable_hashjoin = on as $$
    delete from sluice.task_run_totals t where t.whole_day = of_day and t.bucket = at;
    insert into sluice.task_run_totals (whole_day, bucket, within, state, task_runs, seconds, shortest, longest)
    select of_day, at, w, c.state, sum(c.task_runs), sum(c.seconds), min(c.shortest), max(c.longest)
    from (select x.namespace, array_agg(a) as around
          from (select distinct namespace from sluice.task_run_counts where whole_day = of_day and bucket = at) x,
              sluice.namespaces_around(x.namespace) a
          group by x.namespace) n
    join sluice.task_run_counts c on c.whole_day = of_day and c.bucket = at and c.namespace = n.namespace
    cross join unnest(n.around) as w
    group by w, c.state;
    delete from sluice.flow_sums f where f.whole_day = of_day and f.bucket = at;
    insert into sluice.flow_sums (whole_day, bucket, namespace, flow_id, executions, failed, ended_well, seconds)
    select of_day, at, c.namespace, c.flow_id, sum(c.executions),
        coalesce(sum(c.executions) filter (where c.state in ('FAILED', 'KILLED', 'RETRIED')), 0),
        coalesce(sum(c.executions) filter (where c.state in ('SUCCESS', 'WARNING')), 0),
        coalesce(sum(c.seconds) filter (where c.state in ('SUCCESS', 'WARNING')), 0)
    from sluice.execution_counts c
    where c.whole_day = of_day and c.bucket = at
    group by c.namespace, c.flow_id;
$$;
comment on function sluice.sum_counts(boolean, timestamptz) is 'For sluice.advance_counts.';

-- Of buckets and days that were counted by a version which did not do that, the newest first.
create or replace function sluice.add_sums(most integer) returns integer
language plpgsql as $$
declare
    piece record;
    done integer := 0;
begin
    for piece in
        (select b.starts_at, false as whole_day from sluice.execution_buckets b where not b.has_sums
         order by b.starts_at desc limit most)
        union all
        (select d.starts_at, true from sluice.count_days d where not d.has_sums order by d.starts_at desc limit most)
    loop
        exit when done > 0 and not sluice.may_count_on();
        perform sluice.sum_counts(piece.whole_day, piece.starts_at);
        if piece.whole_day then
            update sluice.count_days set has_sums = true where starts_at = piece.starts_at;
        else
            update sluice.execution_buckets set has_sums = true where starts_at = piece.starts_at;
        end if;
        done := done + 1;
    end loop;
    return done;
end $$;
comment on function sluice.add_sums(integer) is 'For sluice.advance_counts.';

create or replace function sluice.forget_day(day timestamptz) returns void
language sql as $$
    delete from sluice.count_days where starts_at = day;
    delete from sluice.execution_counts c where c.whole_day and c.bucket = day;
    delete from sluice.execution_totals c where c.whole_day and c.bucket = day;
    delete from sluice.task_run_counts c where c.whole_day and c.bucket = day;
    delete from sluice.task_run_totals c where c.whole_day and c.bucket = day;
    delete from sluice.flow_sums c where c.whole_day and c.bucket = day;
$$;
comment on function sluice.forget_day(timestamptz) is 'For sluice.advance_counts.';

-- A day is the sum of its hours. What has no end in an hour goes on until the end of the day.
create or replace function sluice.sum_day(day timestamptz) returns void
language plpgsql set jit = off set enable_hashjoin = on as $$
declare
    next_day constant timestamptz := day + interval '24 hours';
begin
    insert into sluice.execution_counts (whole_day, bucket, namespace, flow_id, state, executions, seconds, shortest, longest, bins,
        in_bins)
    select true, day, t.namespace, t.flow_id, t.state, t.executions, t.seconds, t.shortest, t.longest, b.bins, b.in_bins
    from (
        select c.namespace, c.flow_id, c.state, sum(c.executions) as executions, sum(c.seconds + c.executions * w.more) as seconds,
            min(c.shortest + w.more) as shortest, max(c.longest + w.more) as longest
        from sluice.execution_counts c
        cross join lateral (
            select case when sluice.has_end(c.state) then 0
                        else extract(epoch from next_day - interval '1 hour' - c.bucket)::float8 end as more) w
        where not c.whole_day and c.bucket >= day and c.bucket < next_day
        group by c.namespace, c.flow_id, c.state) t
    left join (
        select s.namespace, s.flow_id, s.state, array_agg(s.bin order by s.bin) as bins,
            array_agg(s.executions order by s.bin) as in_bins
        from (
            select c.namespace, c.flow_id, c.state, u.bin, sum(u.executions)::bigint as executions
            from sluice.execution_counts c, unnest(c.bins, c.in_bins) as u(bin, executions)
            where not c.whole_day and c.bucket >= day and c.bucket < next_day
            group by c.namespace, c.flow_id, c.state, u.bin) s
        group by s.namespace, s.flow_id, s.state) b using (namespace, flow_id, state);
    insert into sluice.task_run_counts (whole_day, bucket, namespace, flow_id, state, task_runs, seconds, shortest, longest)
    select true, day, c.namespace, c.flow_id, c.state, sum(c.task_runs), sum(c.seconds + c.task_runs * w.more),
        min(c.shortest + w.more), max(c.longest + w.more)
    from sluice.task_run_counts c
    cross join lateral (
        select case when sluice.has_end(c.state) then 0
                    else extract(epoch from next_day - interval '1 hour' - c.bucket)::float8 end as more) w
    where not c.whole_day and c.bucket >= day and c.bucket < next_day
    group by c.namespace, c.flow_id, c.state;
    perform sluice.sum_totals(true, day);
    perform sluice.sum_counts(true, day);
    insert into sluice.count_days (starts_at, lowest_id, end_id, has_sums)
    values (day, sluice.lowest_id(day), sluice.lowest_id(next_day), true);
end $$;
comment on function sluice.sum_day(timestamptz) is 'For sluice.advance_counts.';

-- The newest days that lie between two instants and are not summed.
create or replace function sluice.sum_days(counted_from timestamptz, counted_until timestamptz, most integer) returns integer
language plpgsql as $$
declare
    day timestamptz;
    done integer := 0;
begin
    for day in
        select d
        from generate_series(date_trunc('day', counted_until, 'UTC') - interval '24 hours', counted_from, interval '-24 hours') as d
        where d not in (select c.starts_at from sluice.count_days c)
        order by d desc
        limit most
    loop
        exit when done > 0 and not sluice.may_count_on();
        perform sluice.sum_day(day);
        done := done + 1;
    end loop;
    return done;
end $$;
comment on function sluice.sum_days(timestamptz, timestamptz, integer) is 'For sluice.advance_counts.';

create or replace function sluice.count_bucket("from" timestamptz, until timestamptz) returns void
language plpgsql set jit = off as $$
declare
    low constant text := sluice.lowest_id("from");
    high constant text := sluice.lowest_id(until);
begin
    if exists (select from sluice.count_days where starts_at = date_trunc('day', "from", 'UTC')) then
        perform sluice.forget_day(date_trunc('day', "from", 'UTC'));
    end if;
    delete from sluice.execution_buckets b where b.starts_at >= "from" and b.starts_at < until;
    delete from sluice.execution_counts c where not c.whole_day and c.bucket >= "from" and c.bucket < until;
    delete from sluice.execution_totals c where not c.whole_day and c.bucket >= "from" and c.bucket < until;
    delete from sluice.task_run_counts c where not c.whole_day and c.bucket >= "from" and c.bucket < until;
    delete from sluice.task_run_totals c where not c.whole_day and c.bucket >= "from" and c.bucket < until;
    delete from sluice.flow_sums c where not c.whole_day and c.bucket >= "from" and c.bucket < until;
    insert into sluice.execution_counts (bucket, namespace, flow_id, state, executions, seconds, shortest, longest, bins, in_bins)
    select "from", r.namespace, r.flow_id, r.state, r.executions, r.seconds, r.shortest, r.longest, r.bins, r.in_bins
    from sluice.read_counts(low, high, until) r;
    insert into sluice.task_run_counts (whole_day, bucket, namespace, flow_id, state, task_runs, seconds, shortest, longest)
    select false, "from", r.namespace, r.flow_id, r.state, r.task_runs, r.seconds, r.shortest, r.longest
    from sluice.read_task_runs(low, high, until) r;
    perform sluice.sum_totals(false, "from");
    perform sluice.sum_counts(false, "from");
    insert into sluice.execution_buckets (starts_at, ends_at, lowest_id, end_id, with_task_runs, has_sums)
    values ("from", until, low, high, true, true);
end $$;
comment on function sluice.count_bucket(timestamptz, timestamptz) is 'For sluice.advance_counts.';

-- Up to which instant all later changes leave a mark: what is below recount_below() now, as soon as every transaction that
-- may have asked it earlier is over. A clock that is set back by less than a minute changes nothing.
create or replace function sluice.advance_safety() returns timestamptz
language plpgsql as $$
declare
    progress sluice.count_progress;
    reached constant timestamptz := sluice.slice_of(statement_timestamp() - interval '6 minutes');
begin
    select * into strict progress from sluice.count_progress where name = 'executions' for update;
    if progress.next_xid > pg_current_xact_id() then  -- of another server: this database was restored here
        progress.next_xid := null;
    end if;
    if progress.next_xid is not null and pg_snapshot_xmin(pg_current_snapshot()) >= progress.next_xid then
        progress.safe_until := progress.next_until;
        progress.next_xid := null;
    end if;
    if progress.next_xid is null and (progress.safe_until is null or progress.safe_until < reached) then
        progress.next_until := reached;
        progress.next_xid := pg_current_xact_id();  -- whoever has a higher one asks the clock after us
    end if;
    update sluice.count_progress
    set safe_until = progress.safe_until, next_until = progress.next_until, next_xid = progress.next_xid
    where name = 'executions' and (safe_until, next_until, next_xid)
        is distinct from (progress.safe_until, progress.next_until, progress.next_xid);
    return progress.safe_until;
end $$;
comment on function sluice.advance_safety() is 'For sluice.advance_counts.';

-- Counts again what has marks, bucket by bucket as far as there is time. They go right before: a change that is committed after its
-- bucket is counted keeps its mark.
create or replace function sluice.recount_marked(most integer) returns integer
language plpgsql as $$
declare
    prefixes constant text[] := array(select prefix from sluice.recounts order by prefix limit most);
    bucket record;
    touched record;
    marks text[];
    done integer := 0;
begin
    delete from sluice.recounts r  -- what nobody has counted needs none
    where r.prefix = any (prefixes) and not exists (select from sluice.buckets_of(array[r.prefix]));
    for bucket in select distinct b.starts_at, b.lowest_id, b.end_id from sluice.buckets_of(prefixes) b order by b.starts_at loop
        exit when done > 0 and not sluice.may_count_on();
        with gone as (
            delete from sluice.recounts r
            where r.prefix >= left(bucket.lowest_id, 6) and r.prefix <= bucket.end_id
            returning r.prefix)
        select array_agg(distinct prefix) into marks from gone;
        -- A mark between two buckets is of both.
        for touched in select distinct b.starts_at, b.ends_at from sluice.buckets_of(coalesce(marks, '{}')) b loop
            perform sluice.count_bucket(touched.starts_at, touched.ends_at);
            done := done + 1;
        end loop;
    end loop;
    return greatest(done, sign(cardinality(prefixes))::integer);
end $$;
comment on function sluice.recount_marked(integer) is 'For sluice.advance_counts.';

-- Forgets the buckets of a span, and the days that they are in. Returns where the first of them began.
create or replace function sluice.forget_buckets("from" timestamptz, until timestamptz)
returns table (oldest timestamptz, buckets bigint)
language sql rows 1 as $$
    with gone as (
        delete from sluice.execution_buckets b where b.ends_at > "from" and b.starts_at < until returning b.starts_at, b.ends_at
    ), days as (
        delete from sluice.count_days d
        where d.starts_at in (select date_trunc('day', g.starts_at, 'UTC') from gone g) returning d.starts_at
    ), pieces as (
        select false as whole_day, starts_at from gone union all select true, starts_at from days
    ), counts as (
        delete from sluice.execution_counts c where (c.whole_day, c.bucket) in (select whole_day, starts_at from pieces)
    ), totals as (
        delete from sluice.execution_totals c where (c.whole_day, c.bucket) in (select whole_day, starts_at from pieces)
    ), task_runs as (
        delete from sluice.task_run_counts c where (c.whole_day, c.bucket) in (select whole_day, starts_at from pieces)
    ), task_run_sums as (
        delete from sluice.task_run_totals c where (c.whole_day, c.bucket) in (select whole_day, starts_at from pieces)
    ), flow_sums as (
        delete from sluice.flow_sums c where (c.whole_day, c.bucket) in (select whole_day, starts_at from pieces)
    )
    select min(g.starts_at), count(*) from gone g
$$;
comment on function sluice.forget_buckets(timestamptz, timestamptz) is 'For sluice.advance_counts and sluice.recount_executions.';

-- When the clock goes back (it was set, or another host with another clock took over), changes leave no marks in buckets that
-- were counted by the clock of before: these are forgotten, and counted again when their time comes.
create or replace function sluice.heed_clock() returns void
language plpgsql as $$
declare
    marked_until constant timestamptz := sluice.slice_of(clock_timestamp() - interval '5 minutes');
    oldest timestamptz;
begin
    if not exists (select from sluice.count_progress p where p.name = 'executions' and p.safe_until > marked_until) then
        return;
    end if;
    select least(f.oldest, marked_until) into oldest from sluice.forget_buckets(marked_until, 'infinity') f;
    update sluice.count_progress p
    set counted_from = case when p.counted_from < oldest then p.counted_from end,
        counted_until = case when p.counted_from < oldest then least(p.counted_until, oldest) end,
        safe_until = null, next_until = null, next_xid = null
    where p.name = 'executions';
end $$;
comment on function sluice.heed_clock() is 'For sluice.advance_counts.';

-- One piece of work: what is new, what has changed, and then history that nobody counted yet, newest first. Returns how many
-- buckets were counted; 0: all is done, or somebody else is at it.
create or replace function sluice.advance_counts(most integer default 12) returns integer
language plpgsql as $$
declare
    hour constant interval := '1 hour';
    progress sluice.count_progress;
    safe timestamptz;
    oldest timestamptz;
    done integer := 0;
begin
    if not pg_try_advisory_xact_lock(126943995032423) then
        return 0;
    end if;
    perform sluice.heed_clock();
    safe := sluice.advance_safety();
    if safe is null then
        return 0;
    end if;
    select * into strict progress from sluice.count_progress where name = 'executions';
    if progress.counted_until is null then
        progress.counted_from := date_trunc('hour', safe, 'UTC');
        progress.counted_until := progress.counted_from;
    end if;
    while progress.counted_until < safe and done < most and sluice.may_count_on() loop
        if progress.counted_until = date_trunc('hour', progress.counted_until, 'UTC') and progress.counted_until + hour <= safe then
            perform sluice.count_bucket(progress.counted_until, progress.counted_until + hour);
            progress.counted_until := progress.counted_until + hour;
        else
            progress.counted_until := progress.counted_until + sluice.count_slice();
            if progress.counted_until = date_trunc('hour', progress.counted_until, 'UTC') then  -- its slices become one
                perform sluice.count_bucket(progress.counted_until - hour, progress.counted_until);
            else
                perform sluice.count_bucket(progress.counted_until - sluice.count_slice(), progress.counted_until);
            end if;
        end if;
        done := done + 1;
    end loop;
    done := done + sluice.recount_marked(1000);
    select date_trunc('hour', e.created_at, 'UTC') into oldest from sluice.executions e order by e.id limit 1;
    -- An id may be of a day before its row, when files were uploaded for it.
    while progress.counted_from > oldest - interval '1 day' and done < most and sluice.may_count_on() loop
        progress.counted_from := progress.counted_from - hour;
        perform sluice.count_bucket(progress.counted_from, progress.counted_from + hour);
        done := done + 1;
    end loop;
    done := done + sluice.sum_days(progress.counted_from, progress.counted_until, greatest(1, most / 4));
    if done < most then
        done := done + sluice.add_sums(most);
    end if;
    update sluice.count_progress
    set counted_from = progress.counted_from, counted_until = progress.counted_until
    where name = 'executions' and (counted_from, counted_until) is distinct from (progress.counted_from, progress.counted_until);
    return done;
end $$;
comment on function sluice.advance_counts(integer) is
    'Counts executions for boards, a piece at a time; the servers call it. Returns how many buckets were counted.';

-- A dropped partition leaves no marks. Whoever counts meanwhile has seen what was there before, so this waits for his end.
create or replace function sluice.recount_executions("from" timestamptz default '-infinity', until timestamptz default 'infinity')
returns bigint
language sql as $$
    select pg_advisory_xact_lock(126943995032423);
    update sluice.count_progress set counted_from = null, counted_until = null where name = 'executions';
    select f.buckets from sluice.forget_buckets("from", until) f
$$;
comment on function sluice.recount_executions(timestamptz, timestamptz) is
    'Forgets what was counted of a span, so that it is counted again: after partitions were dropped or rows written by hand.';
