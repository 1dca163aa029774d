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
language sql immutable strict parallel safe as $$
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
                and (of_labels is null or e.labels @> of_labels)) d
        group by d.bucket, d.namespace, d.flow_id, d.state, d.bin) b
    group by b.bucket, b.namespace, b.flow_id, b.state
$$;
comment on function sluice.read_counts is 'Executions of a span of ids by flow and state, counted from their rows.';

-- ------------------------------------------------------------------------------------------------------- reading

-- Buckets that have marks.
create or replace function sluice.marked_buckets() returns setof timestamptz
language sql stable rows 10 as $$
    select distinct b.starts_at
    from (select distinct prefix from sluice.recounts) r
    cross join lateral (
        select x.starts_at, x.end_id
        from sluice.execution_buckets x
        where x.lowest_id < r.prefix || '~'
        order by x.lowest_id desc
        limit 2) b
    where b.end_id >= r.prefix
$$;
comment on function sluice.marked_buckets() is 'Buckets in which something changed since they were counted.';

-- What is between two instants as buckets that can be believed, and the gaps between them, oldest first.
create or replace function sluice.count_pieces("from" timestamptz, until timestamptz)
returns table (starts_at timestamptz, ends_at timestamptz, lowest_id text, end_id text, counted boolean)
language plpgsql stable rows 100 as $$
#variable_conflict use_column
declare
    bucket record;
    reached timestamptz := "from";
    reached_id text := sluice.lowest_id("from");
begin
    for bucket in
        select b.starts_at, b.ends_at, b.lowest_id, b.end_id
        from sluice.execution_buckets b
        where b.starts_at >= "from" and b.ends_at <= until
            and b.starts_at not in (select m from sluice.marked_buckets() m)
        order by b.starts_at
    loop
        if bucket.starts_at > reached then
            return query select reached, bucket.starts_at, reached_id, bucket.lowest_id, false;
        end if;
        return query select bucket.starts_at, bucket.ends_at, bucket.lowest_id, bucket.end_id, true;
        reached := bucket.ends_at;
        reached_id := bucket.end_id;
    end loop;
    if until > reached then
        return query select reached, until, reached_id, sluice.lowest_id(until), false;
    end if;
end $$;
comment on function sluice.count_pieces(timestamptz, timestamptz) is
    'Buckets that can be believed between two instants, and what must be read from executions.';

-- Of a namespace also those below it, unless a flow is named: then of exactly that one.
-- Executions whose ids are of [from, until), by bucket (an hour at most), and by flow where that is asked for (then without
-- the bins of durations, which would be most of what is read). In one
-- snapshot with whatever else the calling statement reads.
create or replace function sluice.executions_counted("from" timestamptz, until timestamptz, of_namespace text default null,
    of_flow text default null, of_states text[] default null, by_flow boolean default false, of_labels jsonb default null)
returns table (bucket timestamptz, namespace text, flow_id text, state text, executions bigint, seconds double precision,
    shortest double precision, longest double precision, bins smallint[], in_bins bigint[])
language plpgsql stable rows 1000 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    starts timestamptz[];
    ends timestamptz[];
    piece record;
begin
    if of_labels is null then
        select array_agg(p.starts_at), array_agg(p.ends_at) into starts, ends
        from sluice.count_pieces("from", until) p where p.counted;
    end if;
    if starts is null then  -- nothing is counted yet, or labels are asked for: all is read
        return query
        select greatest(r.bucket, "from"), r.namespace, r.flow_id, r.state, r.executions, r.seconds, r.shortest, r.longest,
            r.bins, r.in_bins
        from sluice.read_counts(sluice.lowest_id("from"), sluice.lowest_id(until), now(), true, of_namespace, of_flow,
                                of_states, of_labels) r;
        return;
    end if;
    if of_namespace is null and of_flow is null and not by_flow then
        return query
        select c.bucket, ''::text, ''::text, c.state, c.executions, c.seconds + c.executions * w.more, c.shortest + w.more,
            c.longest + w.more, c.bins, c.in_bins
        from unnest(starts, ends) as p(starts_at, ends_at)
        join sluice.execution_totals c on c.bucket = p.starts_at
        cross join lateral (select case when sluice.has_end(c.state) then 0 else extract(epoch from now() - p.ends_at)::float8 end
                            as more) w
        where c.bucket >= "from" and c.bucket < until and (of_states is null or c.state = any (of_states));
    elsif of_flow is not null and of_namespace is not null then
        return query
        select c.bucket, c.namespace, c.flow_id, c.state, c.executions, c.seconds + c.executions * w.more, c.shortest + w.more,
            c.longest + w.more, c.bins, c.in_bins
        from sluice.execution_counts c
        join unnest(starts, ends) as p(starts_at, ends_at) on c.bucket = p.starts_at
        cross join lateral (select case when sluice.has_end(c.state) then 0 else extract(epoch from now() - p.ends_at)::float8 end
                            as more) w
        where c.namespace = of_namespace and c.flow_id = of_flow and c.bucket >= "from" and c.bucket < until
            and (of_states is null or c.state = any (of_states));
    else
        return query
        select c.bucket, c.namespace, c.flow_id, c.state, c.executions, c.seconds + c.executions * w.more, c.shortest + w.more,
            c.longest + w.more, case when not by_flow then c.bins end, case when not by_flow then c.in_bins end
        from sluice.execution_counts c
        join unnest(starts, ends) as p(starts_at, ends_at) on c.bucket = p.starts_at
        cross join lateral (select case when sluice.has_end(c.state) then 0 else extract(epoch from now() - p.ends_at)::float8 end
                            as more) w
        where c.bucket >= "from" and c.bucket < until and (of_states is null or c.state = any (of_states))
            and (of_namespace is null or c.namespace = of_namespace
              or (of_flow is null and starts_with(c.namespace, of_namespace || '.')))
            and (of_flow is null or c.flow_id = of_flow);
    end if;
    for piece in select * from sluice.count_pieces("from", until) p where not p.counted loop
        return query
        select greatest(r.bucket, piece.starts_at), r.namespace, r.flow_id, r.state, r.executions, r.seconds, r.shortest,
            r.longest, r.bins, r.in_bins
        from sluice.read_counts(piece.lowest_id, piece.end_id, now(), true, of_namespace, of_flow, of_states) r;
    end loop;
end $$;
comment on function sluice.executions_counted is
    'Executions by time, state and, where asked for, flow: from what is counted already, and the rest from their rows.';

-- Where executions of some states are, newest first: what is counted tells the flow and the bucket; the rest, of which that is
-- not known, comes as spans without a flow. A search for the few that run must not read a year of those that ended.
create or replace function sluice.whereabouts(states text[], of_namespace text, of_flow text, below_id text, most integer)
returns table (starts_at timestamptz, namespace text, flow_id text, lowest_id text, end_id text)
language plpgsql stable rows 100 set jit = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
    return query
    with marked as materialized (
        select m as starts_at from sluice.marked_buckets() m
    ), progress as materialized (
        select p.counted_from, p.counted_until from sluice.count_progress p where p.name = 'executions'
    ), unknown as (
        select p.counted_until as starts_at, sluice.lowest_id(p.counted_until) as lowest_id, '~' as end_id
        from progress p
        where p.counted_until is not null
        union all
        select b.starts_at, b.lowest_id, b.end_id
        from marked m
        join sluice.execution_buckets b using (starts_at)
        union all
        select timestamptz '-infinity', '', coalesce(sluice.lowest_id(p.counted_from), '~')
        from progress p
    )
    (select c.bucket, c.namespace, c.flow_id, b.lowest_id, b.end_id
     from progress p
     join sluice.execution_counts c on c.bucket >= p.counted_from and c.bucket < p.counted_until
     join sluice.execution_buckets b on b.starts_at = c.bucket
     where c.state = any (states) and c.state <> 'SUCCESS' and b.lowest_id < below_id
         and not exists (select from marked m where m.starts_at = c.bucket)
         and (of_namespace is null or c.namespace = of_namespace
              or (of_flow is null and starts_with(c.namespace, of_namespace || '.')))
         and (of_flow is null or c.flow_id = of_flow)
     group by c.bucket, c.namespace, c.flow_id, b.lowest_id, b.end_id
     order by c.bucket desc
     limit most)
    union all
    select u.starts_at, null, null, u.lowest_id, u.end_id
    from unknown u
    where u.lowest_id < below_id
    order by 1 desc;
end $$;
comment on function sluice.whereabouts(text[], text, text, text, integer) is
    'Where to look for executions of these states (not SUCCESS) with ids below an id, newest first; what is not counted is whole.';

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
    where c.state = any (states) and c.state <> 'SUCCESS' and c.bucket >= progress.counted_from
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
        select b.lowest_id, b.end_id from sluice.execution_buckets b where b.starts_at = any (marked)
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

-- ------------------------------------------------------------------------------------------------------- counting

create or replace function sluice.count_bucket("from" timestamptz, until timestamptz) returns void
language plpgsql set jit = off as $$
declare
    low constant text := sluice.lowest_id("from");
    high constant text := sluice.lowest_id(until);
begin
    delete from sluice.execution_buckets b where b.starts_at >= "from" and b.starts_at < until;
    delete from sluice.execution_counts c where c.bucket >= "from" and c.bucket < until;
    delete from sluice.execution_totals c where c.bucket >= "from" and c.bucket < until;
    insert into sluice.execution_counts (bucket, namespace, flow_id, state, executions, seconds, shortest, longest, bins, in_bins)
    select "from", r.namespace, r.flow_id, r.state, r.executions, r.seconds, r.shortest, r.longest, r.bins, r.in_bins
    from sluice.read_counts(low, high, until) r;
    insert into sluice.execution_totals (bucket, state, executions, seconds, shortest, longest, bins, in_bins)
    select "from", t.state, t.executions, t.seconds, t.shortest, t.longest, b.bins, b.in_bins
    from (
        select c.state, sum(c.executions) as executions, sum(c.seconds) as seconds, min(c.shortest) as shortest,
            max(c.longest) as longest
        from sluice.execution_counts c
        where c.bucket = "from"
        group by c.state) t
    left join (
        select s.state, array_agg(s.bin order by s.bin) as bins, array_agg(s.executions order by s.bin) as in_bins
        from (
            select c.state, u.bin, sum(u.executions)::bigint as executions
            from sluice.execution_counts c, unnest(c.bins, c.in_bins) as u(bin, executions)
            where c.bucket = "from"
            group by c.state, u.bin) s
        group by s.state) b using (state);
    insert into sluice.execution_buckets (starts_at, ends_at, lowest_id, end_id) values ("from", until, low, high);
end $$;
comment on function sluice.count_bucket(timestamptz, timestamptz) is 'For sluice.advance_counts.';

-- Up to which instant all later changes leave a mark: what is below recount_below() now, as soon as every transaction that
-- may have asked it earlier is over.
create or replace function sluice.advance_safety() returns timestamptz
language plpgsql as $$
declare
    progress sluice.count_progress;
    reached constant timestamptz := sluice.slice_of(statement_timestamp() - interval '5 minutes');
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

-- Counts again what has marks. They go first: a change that is committed after this statement began keeps its mark.
create or replace function sluice.recount_marked(most integer) returns integer
language plpgsql as $$
declare
    marks text[];
    bucket record;
    done integer := 0;
begin
    with gone as (
        delete from sluice.recounts
        where prefix in (select prefix from sluice.recounts order by prefix limit most)
        returning prefix)
    select array_agg(distinct prefix) into marks from gone;
    if marks is null then
        return 0;
    end if;
    for bucket in
        select distinct b.starts_at, b.ends_at
        from unnest(marks) as m(prefix)
        cross join lateral (
            select x.starts_at, x.ends_at, x.end_id
            from sluice.execution_buckets x
            where x.lowest_id < m.prefix || '~'
            order by x.lowest_id desc
            limit 2) b
        where b.end_id >= m.prefix
    loop
        perform sluice.count_bucket(bucket.starts_at, bucket.ends_at);
        done := done + 1;
    end loop;
    return greatest(done, 1);
end $$;
comment on function sluice.recount_marked(integer) is 'For sluice.advance_counts.';

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
    safe := sluice.advance_safety();
    if safe is null then
        return 0;
    end if;
    select * into strict progress from sluice.count_progress where name = 'executions';
    if progress.counted_until is null then
        progress.counted_from := date_trunc('hour', safe, 'UTC');
        progress.counted_until := progress.counted_from;
    end if;
    while progress.counted_until < safe and done < most loop
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
    while progress.counted_from > oldest - interval '1 day' and done < most loop
        progress.counted_from := progress.counted_from - hour;
        perform sluice.count_bucket(progress.counted_from, progress.counted_from + hour);
        done := done + 1;
    end loop;
    update sluice.count_progress
    set counted_from = progress.counted_from, counted_until = progress.counted_until
    where name = 'executions' and (counted_from, counted_until) is distinct from (progress.counted_from, progress.counted_until);
    return done;
end $$;
comment on function sluice.advance_counts(integer) is
    'Counts executions for boards, a piece at a time; the servers call it. Returns how many buckets were counted.';

-- A dropped partition leaves no marks.
create or replace function sluice.recount_executions("from" timestamptz default '-infinity', until timestamptz default 'infinity')
returns bigint
language sql as $$
    with gone as (
        delete from sluice.execution_buckets b where b.ends_at > "from" and b.starts_at < until returning b.starts_at, b.ends_at
    ), counts as (
        delete from sluice.execution_counts c where c.bucket in (select starts_at from gone)
    ), totals as (
        delete from sluice.execution_totals c where c.bucket in (select starts_at from gone)
    ), again as (
        update sluice.count_progress set counted_from = null, counted_until = null where name = 'executions'
    )
    select count(*) from gone
$$;
comment on function sluice.recount_executions(timestamptz, timestamptz) is
    'Forgets what was counted of a span, so that it is counted again: after partitions were dropped or rows written by hand.';
