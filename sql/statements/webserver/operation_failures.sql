-- operation_failures: members that refused, in the order in which they did.
-- $1 operation_id text
-- $2 after        bigint   seq of the last one that is known; 0: from the first
-- $3 most         bigint
-- -> seq bigint, member, reason
-- plan: operation_failures_pkey
select seq, member, reason
from sluice.operation_failures
where operation_id = $1 and seq > $2
order by seq
limit $3;
