-- bury_service: one service whose lease is over is declared dead. Row locks decide who does it. A service that stopped
-- in good order but left claims behind counts too.
-- -> service_id text
update sluice.services s
set state = 'DEAD', ended_at = coalesce(ended_at, now())
where s.service_id = (
    select d.service_id
    from sluice.services d
    where (d.state in ('RUNNING', 'DRAINING') and d.lease_until < now())
        or (d.state in ('STOPPED', 'DEAD')
            and exists (select from sluice.claims c where c.service_id = d.service_id))
    order by d.lease_until
    limit 1
    for update skip locked)
returning s.service_id;
