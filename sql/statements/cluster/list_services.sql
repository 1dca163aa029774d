-- list_services: services that are alive, and those that ended within the last day.
-- -> service_id, roles, state, host, pid, version, worker_group, slots, running, started_at, heartbeat_at, ended_at, details
select s.service_id, s.roles,
    case when s.state = 'RUNNING' and s.lease_until < now() then 'DISCONNECTED' else s.state end,
    s.host, s.pid, s.version, s.worker_group, s.slots,
    (select count(*) from sluice.claims c where c.service_id = s.service_id),
    s.started_at, s.heartbeat_at, s.ended_at, s.details
from sluice.services s
where s.ended_at is null or s.ended_at > now() - interval '1 day'
order by s.ended_at nulls first, s.started_at;
