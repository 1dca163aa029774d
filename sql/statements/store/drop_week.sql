-- drop_week: drops the partitions of the oldest week of which nothing is kept.
-- $1 base         interval  of executions that no rule is about; null: for ever
-- -> week timestamptz, executions bigint, bytes bigint, dropped boolean; no row: there is none
select week, executions, bytes, dropped
from sluice.drop_week($1);
