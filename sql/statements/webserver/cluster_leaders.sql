-- cluster_leaders: who leads what.
-- -> role, service_id, epoch, since, host, is_alive
select l.role, l.service_id, l.epoch, l.since, s.host, coalesce(s.state in ('RUNNING', 'DRAINING') and s.lease_until > now(), false)
from sluice.leadership l
left join sluice.services s on s.service_id = l.service_id
order by l.role;
