-- operation_row: how far one is.
-- $1 operation_id text
-- -> operation_id, resource, action, options jsonb, state, total, done, failed, created_by, created_at, turn_at, ended_at, error
-- plan: operations_pkey
select operation_id, resource, action, options, state, total, done, failed, created_by, created_at, turn_at, ended_at, error
from sluice.operations
where operation_id = $1;
