-- weeks_over_age: weeks of which nothing is kept.
-- $1 base         interval  of executions that no rule is about; null: for ever
-- -> week timestamptz, executions bigint, bytes bigint
select week, executions, bytes
from sluice.weeks_over_age($1)
order by week;
