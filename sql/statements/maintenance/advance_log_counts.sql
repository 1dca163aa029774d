-- advance_log_counts: counts log lines, a piece at a time.
-- $1 most         integer   pieces
-- -> pieces that were done; 0: all is, or another process is at it
select sluice.advance_log_counts($1);
