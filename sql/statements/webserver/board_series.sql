-- board_series: executions by time and state, and the durations of those that ended well.
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 namespace    text      this one and those below; null: all
-- $4 flow_id      text      null: all
-- $5 unit         text      of the time: 'hour', 'day'
-- $6 time_zone    text      whose days; hours are UTC's
-- -> at, state ('': the rest tells of durations, or only that there is such a time), bin (see sluice.duration_bin), executions, seconds (their sum)
with counted as materialized (
    select date_trunc($5, greatest(c.bucket, $1), case when $5 = 'hour' then 'UTC' else $6 end) as at, c.state, c.executions, c.seconds, c.bins, c.in_bins
    from sluice.executions_counted($1, $2, $3, $4, null, false, null,
        case when $5 = 'day' and $6 = 'UTC' then 'day' else 'hour' end) c
)
select c.at, c.state, 0 as bin, sum(c.executions)::bigint, sum(c.seconds)
from counted c
group by c.at, c.state
union all
select c.at, '', b.bin, sum(b.executions)::bigint, 0
from counted c, unnest(c.bins, c.in_bins) as b(bin, executions)
where c.state in ('SUCCESS', 'WARNING')
group by c.at, b.bin
union all
select t at time zone z.name, '', 0, 0, 0
from (select case when $5 = 'hour' then 'UTC' else $6 end as name) z,
    generate_series(date_trunc($5, $1 at time zone z.name), ($2 - interval '1 millisecond') at time zone z.name,
                    ('1 ' || $5)::interval) t
order by 1, 2, 3;
