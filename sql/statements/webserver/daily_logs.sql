-- daily_logs: log lines by day and level, of the days in [$1, $2].
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 namespace    text      this one and those below; null: all
-- $4 flow_id      text      null: all
-- $5 min_level    integer
-- -> day, level, count, estimated
select c.day, c.level, sum(c.lines)::bigint, bool_or(c.estimated)
from sluice.lines_counted($1, $2::timestamptz + interval '1 millisecond', $3, $4, $5::integer) c
group by 1, 2
order by 1, 2;
