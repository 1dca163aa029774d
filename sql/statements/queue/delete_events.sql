-- delete_events: events that were applied.
-- $1 seqs         bigint[]
-- ->
delete from sluice.execution_events
where seq = any ((select $1::bigint[])::bigint[]);
