-- Counting log lines, a span of their numbers at a time; log_counts.sql reads what is counted. sql/README.md ("Counts") says
-- why writers need not do anything for it.

-- Of whoever deletes lines, by whatever statement: their hours are counted again.
create or replace function sluice.note_deleted_lines() returns trigger language plpgsql as $$
begin
    insert into sluice.log_recounts (bucket) select distinct date_trunc('hour', g.at, 'UTC') from gone g;
    return null;
end $$;
comment on function sluice.note_deleted_lines() is 'For the trigger of sluice.logs.';

-- Weeks whose partition was dropped: what was counted of them is no longer there.
create or replace function sluice.gone_log_weeks() returns setof timestamptz
language sql stable rows 1 as $$
    select w.week
    from sluice.log_count_weeks w
    where to_regclass('sluice.logs_' || to_char(w.week at time zone 'UTC', 'IYYY"w"IW')) is null and isfinite(w.week)
$$;
comment on function sluice.gone_log_weeks() is 'Weeks whose lines were counted before their partition was dropped.';

-- Counts lines with numbers of (after, upto] and times of ["from", until), and adds them to what is counted. Returns how many there were.
create or replace function sluice.add_line_counts(after bigint, upto bigint, "from" timestamptz, until timestamptz) returns bigint
language plpgsql set jit = off set enable_hashjoin = on set plan_cache_mode = force_custom_plan as $$
declare
    added bigint;
begin
    with found as materialized (
        select l.tableoid as part, date_trunc('hour', l.at, 'UTC') as hour, l.namespace, l.flow_id, l.level, count(*) as lines
        from sluice.logs l
        where l.seq > after and l.seq <= upto and l.at >= "from" and l.at < until
        group by l.tableoid, date_trunc('hour', l.at, 'UTC'), l.namespace, l.flow_id, l.level
    ), weeks as materialized (
        select p.part, coalesce(sluice.history_week(c.relname::text), '-infinity') as week
        from (select distinct part from found) p
        join pg_class c on c.oid = p.part
    ), fresh as materialized (
        select false as whole_day, f.hour as bucket, f.namespace, f.flow_id, f.level, w.week, f.lines
        from found f
        join weeks w using (part)
        union all
        select true, date_trunc('day', f.hour, 'UTC'), f.namespace, f.flow_id, f.level, w.week, sum(f.lines)::bigint
        from found f
        join weeks w using (part)
        group by date_trunc('day', f.hour, 'UTC'), f.namespace, f.flow_id, f.level, w.week
    ), around as materialized (
        select n.namespace, a as within
        from (select distinct namespace from found) n, sluice.namespaces_around(n.namespace) a
    ), noted as (
        insert into sluice.log_count_weeks (week) select distinct week from weeks on conflict do nothing
    ), written as (
        insert into sluice.log_counts as c (whole_day, bucket, namespace, flow_id, level, week, lines)
        select f.whole_day, f.bucket, f.namespace, f.flow_id, f.level, f.week, f.lines
        from fresh f
        union all
        select f.whole_day, f.bucket, a.within, '', f.level, f.week, sum(f.lines)::bigint
        from fresh f
        join around a using (namespace)
        group by f.whole_day, f.bucket, a.within, f.level, f.week
        on conflict (whole_day, bucket, namespace, flow_id, level, week) do update set lines = c.lines + excluded.lines
    )
    select coalesce(sum(f.lines), 0) into added from found f;
    return added;
end $$;
comment on function sluice.add_line_counts(bigint, bigint, timestamptz, timestamptz) is 'For sluice.advance_log_counts.';

-- Up to which number no line is still to come. A number is drawn some instructions before its transaction gets an id: so numbers
-- that were drawn some seconds ago are of transactions that have one now, and settled as soon as all up to now are over.
create or replace function sluice.settle_lines() returns sluice.log_count_progress
language plpgsql as $$
declare
    before sluice.log_count_progress;
    now_is sluice.log_count_progress;
    drawn constant bigint := (select case when is_called then last_value else last_value - 1 end from sluice.logs_seq);
begin
    select * into strict before from sluice.log_count_progress where name = 'logs' for update;
    now_is := before;
    if now_is.fresh_at > clock_timestamp() then  -- it was set back
        now_is.fresh_at := null;
    end if;
    if now_is.next_xid > pg_current_xact_id() then  -- of another server: this database was restored here
        now_is.next_xid := null;
    end if;
    if now_is.next_xid is not null and pg_snapshot_xmin(pg_current_snapshot()) >= now_is.next_xid then
        now_is.settled_upto := greatest(now_is.settled_upto, now_is.next_upto);
        now_is.next_xid := null;
    end if;
    if now_is.next_xid is null and now_is.fresh_at <= clock_timestamp() - interval '5 seconds' then
        now_is.next_upto := now_is.fresh_upto;
        now_is.next_xid := pg_current_xact_id();
        now_is.fresh_at := null;
    end if;
    if now_is.fresh_at is null and drawn > now_is.settled_upto and (now_is.next_xid is null or drawn > now_is.next_upto) then
        now_is.fresh_upto := drawn;
        now_is.fresh_at := clock_timestamp();
    end if;
    if now_is is distinct from before then
        update sluice.log_count_progress
        set fresh_upto = now_is.fresh_upto, fresh_at = now_is.fresh_at, next_upto = now_is.next_upto, next_xid = now_is.next_xid,
            settled_upto = now_is.settled_upto
        where name = 'logs';
    end if;
    return now_is;
end $$;
comment on function sluice.settle_lines() is 'For sluice.advance_log_counts.';

-- Counts an hour again: of its lines only those whose numbers are counted already.
create or replace function sluice.recount_hour_of_lines(hour timestamptz, after bigint, upto bigint) returns void
language plpgsql as $$
begin
    with gone as (
        delete from sluice.log_counts c where not c.whole_day and c.bucket = hour
        returning c.namespace, c.flow_id, c.level, c.week, c.lines
    )
    update sluice.log_counts d
    set lines = d.lines - g.lines
    from gone g
    where d.whole_day and d.bucket = date_trunc('day', hour, 'UTC') and d.namespace = g.namespace and d.flow_id = g.flow_id
        and d.level = g.level and d.week = g.week;
    perform sluice.add_line_counts(after, upto, hour, hour + interval '1 hour');
end $$;
comment on function sluice.recount_hour_of_lines(timestamptz, bigint, bigint) is 'For sluice.advance_log_counts.';

-- The marks of an hour go right before: a deletion that is committed after it is counted keeps its mark.
create or replace function sluice.recount_lines(most integer, after bigint, upto bigint) returns integer
language plpgsql as $$
declare
    hour timestamptz;
    done integer := 0;
begin
    for hour in select distinct r.bucket from sluice.log_recounts r order by r.bucket desc limit most loop
        exit when done > 0 and not sluice.may_count_on();
        delete from sluice.log_recounts r where r.bucket = hour;
        perform sluice.recount_hour_of_lines(hour, after, upto);
        done := done + 1;
    end loop;
    return done;
end $$;
comment on function sluice.recount_lines(integer, bigint, bigint) is 'For sluice.advance_log_counts.';

-- One piece of work: what is new, what was deleted, and then lines that nobody counted yet, the newest first. Returns how many pieces
-- were done; 0: all is, or somebody else is at it.
create or replace function sluice.advance_log_counts(most integer default 4) returns integer
language plpgsql as $$
declare
    piece constant bigint := 50000;
    progress sluice.log_count_progress;
    reached bigint;
    found bigint;
    done integer := 0;
begin
    if not pg_try_advisory_xact_lock(126943995032423) then  -- of sluice.advance_counts
        return 0;
    end if;
    if exists (select from sluice.gone_log_weeks()) then
        delete from sluice.log_counts c where c.week in (select sluice.gone_log_weeks());
        delete from sluice.log_count_weeks w where w.week in (select sluice.gone_log_weeks());
        done := done + 1;
    end if;
    progress := sluice.settle_lines();
    if progress.counted_upto is null then
        if progress.settled_upto = 0 then
            return done;
        end if;
        progress.counted_from := progress.settled_upto;
        progress.counted_upto := progress.settled_upto;
    end if;
    -- Each time, the counts of all flows that wrote are written: a minute's worth at once, unless there is much.
    if progress.settled_upto >= progress.counted_upto + piece or progress.counted_at is null
        or progress.counted_at not between clock_timestamp() - interval '1 minute' and clock_timestamp() then
        while progress.counted_upto < progress.settled_upto and done < most and sluice.may_count_on() loop
            reached := least(progress.settled_upto, progress.counted_upto + piece);
            perform sluice.add_line_counts(progress.counted_upto, reached, '-infinity', 'infinity');
            progress.counted_upto := reached;
            progress.counted_at := clock_timestamp();
            done := done + 1;
        end loop;
    end if;
    done := done + sluice.recount_lines(greatest(1, most - done), progress.counted_from, progress.counted_upto);
    while progress.counted_from > 0 and done < most and sluice.may_count_on() loop
        reached := greatest(0, progress.counted_from - progress.span);
        found := sluice.add_line_counts(reached, progress.counted_from, '-infinity', 'infinity');
        progress.counted_from := reached;
        -- Numbers of lines that are long gone are passed over in long steps.
        progress.span := case when found * 4 < progress.span then least(progress.span * 2, 16 * piece)
                              else 4 * piece end;
        done := done + 1;
    end loop;
    update sluice.log_count_progress
    set counted_from = progress.counted_from, counted_upto = progress.counted_upto, counted_at = progress.counted_at,
        span = progress.span
    where name = 'logs' and (counted_from, counted_upto, counted_at, span)
        is distinct from (progress.counted_from, progress.counted_upto, progress.counted_at, progress.span);
    return done;
end $$;
comment on function sluice.advance_log_counts(integer) is
    'Counts log lines, a piece at a time; the servers call it. Returns how many pieces were done.';
