-- end_service: a process stopped in good order.
-- $1 service_id   text
-- ->
update sluice.services
set state = 'STOPPED', ended_at = now(), lease_until = now()
where service_id = $1 and state in ('RUNNING', 'DRAINING');
