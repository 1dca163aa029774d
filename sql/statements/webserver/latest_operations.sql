-- latest_operations: those that somebody may see, the newest first.
-- $1 most         bigint
-- $2 user         text     his own,
-- $3 resources    text[]   and all of these
-- -> as operation_row
-- plan: operations_pkey
select operation_id, resource, action, options, state, total, done, failed, created_by, created_at, turn_at, ended_at, error
from sluice.operations
where created_by = $2 or resource = any ($3)
order by operation_id desc
limit $1;
