-- register_service: a process comes up.
-- $1 service_id, $2 roles text[], $3 host, $4 pid, $5 version, $6 worker_group, $7 slots, $8 connections, $9 lease interval
-- ->
insert into sluice.services (service_id, roles, state, host, pid, version, worker_group, slots, connections, lease_until)
values ($1, $2, 'RUNNING', $3, $4, $5, $6, $7, $8, now() + $9);
