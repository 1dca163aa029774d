-- The history tables have a partition a week. The first one begins at the lowest id, so that no id is too old, and
-- they are made well ahead, so that no insert fails for want of one.

create or replace function sluice.week_of(at timestamptz) returns timestamptz
language sql stable strict parallel safe as $$
    select date_trunc('week', at at time zone 'UTC') at time zone 'UTC'
$$;
comment on function sluice.week_of(timestamptz) is 'Monday 00:00 UTC of the week.';

-- Makes what is missing up to `ahead` from now. Returns the number of partitions made.
-- A partition is attached, not created in place: that takes a lock which lets reads and writes go on.
-- It runs as the owner of the tables: the role of the servers may be another, which can't make any (sluice.let_serve).
create or replace function sluice.ensure_partitions(ahead interval default '14 days') returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    parent text;
    part text;
    oldest text;
    week timestamptz;
    from_bound text;
    made integer := 0;
begin
    perform pg_advisory_xact_lock(126943995032422);
    foreach parent in array array['executions', 'task_runs', 'loop_values', 'logs', 'metrics'] loop
        select min(c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = ('sluice.' || parent)::regclass into oldest;
        -- An id may be a moment older than now: after a pause of all servers the week before may have no partition.
        week := sluice.week_of(now()) - interval '7 days';
        while week <= now() + ahead loop
            part := format('%s_%s', parent, to_char(week at time zone 'UTC', 'IYYY"w"IW'));
            if to_regclass('sluice.' || part) is null and (part > oldest or week >= sluice.week_of(now())) then
                if oldest is not null then
                    from_bound := quote_literal(sluice.lowest_id(week));
                else
                    from_bound := 'minvalue';
                end if;
                execute format('create table sluice.%I (like sluice.%I including defaults including constraints)',
                               part, parent);
                if parent in ('executions', 'task_runs') then
                    -- Task runs are updated once or twice, executions with each of their tasks on workers: room on the page
                    -- keeps those updates out of the indexes.
                    execute format('alter table sluice.%I set (fillfactor = %s)', part,
                                   case parent when 'executions' then 70 else 85 end);
                end if;
                execute format('alter table sluice.%I attach partition sluice.%I for values from (%s) to (%L)',
                               parent, part, from_bound, sluice.lowest_id(week + interval '7 days'));
                made := made + 1;
                oldest := coalesce(oldest, part);
            end if;
            week := week + interval '7 days';
        end loop;
    end loop;
    return made;
end $$;
comment on function sluice.ensure_partitions(interval) is 'Makes the partitions of the history tables that are missing for the time up to now + ahead.';

create or replace function sluice.partition_runway() returns interval
language sql stable as $$
    -- Names end in the ISO week, so the newest partition is the last by name.
    select to_timestamp(substr(max(c.relname), 12), 'IYYY"w"IW') + interval '7 days' - now()
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'sluice.executions'::regclass
$$;
comment on function sluice.partition_runway() is 'How far ahead of now there are partitions.';

-- Indexes of the history tables that a partition lacks, and how it gets them without anybody waiting: after a migration made
-- one on the parent only. What was begun and never finished is made anew.
create or replace function sluice.missing_history_indexes() returns table (partition text, index_name text, statements text[])
language sql stable as $$
    select part.relname::text, parent_index.relname::text, array[
        format('drop index concurrently if exists sluice.%I', n.name),
        regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE( UNIQUE)? INDEX \S+ ON ONLY \S+',
                       format('create\1 index concurrently %I on sluice.%I', n.name, part.relname)),
        format('alter index sluice.%I attach partition sluice.%I', parent_index.relname, n.name)]
    from pg_index i
    join pg_class parent_index on parent_index.oid = i.indexrelid and parent_index.relkind = 'I'
    join pg_class parent on parent.oid = i.indrelid and parent.relnamespace = 'sluice'::regnamespace
    join pg_inherits p on p.inhparent = parent.oid
    join pg_class part on part.oid = p.inhrelid
    cross join lateral (
        select part.relname || regexp_replace(parent_index.relname, '^' || parent.relname, '') as name) n
    where not i.indisvalid
        and not exists (select from pg_inherits c join pg_index x on x.indexrelid = c.inhrelid
                        where c.inhparent = i.indexrelid and x.indrelid = part.oid)
    order by part.relname desc, parent_index.relname
$$;
comment on function sluice.missing_history_indexes() is
    'Indexes that partitions lack, the newest first, and the statements, each in a transaction of its own, that make them.';
