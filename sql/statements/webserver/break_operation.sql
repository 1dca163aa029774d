-- break_operation: an operation that can't be carried out at all.
-- $1 operation_id text
-- $2 error        text
-- ->
update sluice.operations
set state = 'FAILED', error = $2, turn_at = clock_timestamp(), ended_at = clock_timestamp()
where operation_id = $1 and ended_at is null;
