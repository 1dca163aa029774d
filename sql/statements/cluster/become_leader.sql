-- become_leader: who holds the advisory lock of a role writes the next epoch.
-- $1 role         text
-- $2 service_id   text
-- -> epoch bigint
insert into sluice.leadership as l (role, service_id, epoch)
values ($1, $2, 1)
on conflict (role) do update
set service_id = excluded.service_id, epoch = l.epoch + 1, since = now()
returning epoch;
