-- count_lines: how many log lines there are, mostly from what is counted already.
-- $1 from         timestamptz  null: since ever
-- $2 until        timestamptz  null: until now
-- $3 namespace    text         this one and those below; null: all
-- $4 flow_id      text         null: all
-- $5 min_level    integer
-- -> lines (null: not known), estimated; or nothing: there are none
-- plan: log_counts_pkey
select t.lines, t.estimated
from sluice.lines_total($1, $2, $3, $4, $5::integer) t;
