-- next_trigger: how long until the next date comes, in microseconds.
-- -> wait bigint
-- plan: triggers_next_at_idx
select greatest(0, extract(epoch from next_at - clock_timestamp()) * 1000000)::bigint
from sluice.triggers
where next_at is not null and not disabled and execution_id is null
order by next_at
limit 1;
