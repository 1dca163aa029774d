-- cancel_operation: no further piece is begun; what is done stays. Waits for the piece that is under way.
-- $1 operation_id text
-- -> nothing when it is over already
update sluice.operations
set state = 'CANCELLED', ended_at = clock_timestamp()
where operation_id = $1 and ended_at is null
returning operation_id;
