-- retention_rules: how long executions are kept.
-- -> namespace text, state text, keep in microseconds bigint (null: for ever)
-- bounded: people write them
select namespace, state, (extract(epoch from keep) * 1000000)::bigint
from sluice.retention_rules
order by namespace, state;
