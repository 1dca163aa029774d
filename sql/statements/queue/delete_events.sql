-- delete_events: events that were applied.
-- $1 seqs         bigint[]
-- ->
delete from sluice.execution_events
where seq = any ($1::bigint[]);
