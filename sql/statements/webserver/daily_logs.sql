-- daily_logs: log lines by day and level, of the days in [$1, $2].
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 highest_id   text      above all ids of $2
-- $4 namespace    text      this one and those below; null: all
-- $5 flow_id      text      null: all
-- $6 min_level    integer
-- -> day, level, count
-- plan: logs_at_idx
select date_trunc('day', l.at), l.level, count(*)
from sluice.logs l
where l.at >= $1 and l.at <= $2 and l.execution_id < $3 and l.level >= $6::integer
    and ($4::text is null or l.namespace = $4 or starts_with(l.namespace, $4 || '.'))
    and ($5::text is null or l.flow_id = $5)
group by 1, 2
order by 1, 2;
