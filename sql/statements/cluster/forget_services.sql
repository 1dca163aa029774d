-- forget_services: rows of services that ended long ago, and that nothing belongs to.
-- $1 age          interval
-- ->
delete from sluice.services
where ended_at < now() - $1::interval::interval
    and not exists (select from sluice.claims c where c.service_id = services.service_id)
    and not exists (select from sluice.jobs j where j.worker_group = '@' || services.service_id);
