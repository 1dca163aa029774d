-- next_poll: how long until a polling trigger is due that nobody evaluates, in microseconds.
-- -> wait bigint; no row: there is none, or nothing is to fire
-- plan: triggers_polls_idx
select greatest(0, extract(epoch from next_at - clock_timestamp()) * 1000000)::bigint
from sluice.triggers t
where polls and not exists (select from sluice.maintenance where left_at is null) and next_at is not null and not disabled and execution_id is null and planned
    and (worker_id is null
         or not exists (select from sluice.services s where s.service_id = t.worker_id and s.lease_until > now()))
order by next_at
limit 1;
