-- log_position: where the write-ahead log is; all that was committed before is before it.
-- -> position
select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint;
