-- board_labelled: all that a board shows of executions with some labels: nothing was counted of these before, and they are read once.
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 before_from  timestamptz  the time before, whose sums are shown beside
-- $4 before_until timestamptz
-- $5 namespace    text      this one and those below; null: all
-- $6 flow_id      text      null: all
-- $7 labels       jsonb
-- $8 unit         text      of the time: 'hour', 'day'
-- $9 time_zone    text      whose days; hours are UTC's
-- $10 most        bigint    executions that are looked at; null: all with these labels. Else a sample of all stands for the rest
-- -> part ('series', 'before', 'flow'), at, namespace, flow_id, state, bin (see sluice.duration_bin; with the state ''), executions,
--    failed, ended_well, seconds (of those that ended well), times (what each stands for; more than 1: all is estimated)
-- plan: executions_labels_idx, or executions_pkey for each span of a sample
with spans as materialized (
    select s.lowest_ids, s.end_ids, s.times
    from sluice.sampled_spans($3, $2, coalesce($10, 9223372036854775807)) s
), found as materialized (
    select s.times, f.id >= sluice.lowest_id($1) as is_now, f.namespace, f.flow_id, f.state, f.bin, f.seconds,
        case when f.id >= sluice.lowest_id($1)
             then date_trunc($8, greatest(f.created_at, $1), case when $8 = 'hour' then 'UTC' else $9 end) else $3 end as at
    from spans s, sluice.labelled_executions(s.lowest_ids, s.end_ids, $7, $5, $6) f
    where f.id >= sluice.lowest_id($1) or f.id < sluice.lowest_id($4)
)
select case when f.is_now then 'series' else 'before' end, f.at, '', '', f.state, 0, round(count(*) * f.times)::bigint, 0, 0, 0::float8, f.times
from found f
group by f.is_now, f.at, f.state, f.times
union all
select case when f.is_now then 'series' else 'before' end, f.at, '', '', '', f.bin::integer, round(count(*) * f.times)::bigint, 0, 0, 0, f.times
from found f
where f.state in ('SUCCESS', 'WARNING') and f.bin is not null
group by f.is_now, f.at, f.bin, f.times
union all
select 'flow', $1, f.namespace, f.flow_id, '', 0, round(count(*) * f.times)::bigint,
    round(count(*) filter (where f.state in ('FAILED', 'KILLED', 'RETRIED')) * f.times)::bigint,
    round(count(*) filter (where f.state in ('SUCCESS', 'WARNING')) * f.times)::bigint,
    coalesce(sum(f.seconds) filter (where f.state in ('SUCCESS', 'WARNING')) * f.times, 0), f.times
from found f
where f.is_now
group by f.namespace, f.flow_id, f.times
union all
select 'series', t at time zone z.name, '', '', '', 0, 0, 0, 0, 0, 1
from (select case when $8 = 'hour' then 'UTC' else $9 end as name) z,
    generate_series(date_trunc($8, $1 at time zone z.name), ($2 - interval '1 millisecond') at time zone z.name,
                    ('1 ' || $8)::interval) t;
