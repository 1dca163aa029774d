-- Whether a worker is alive that takes jobs of this queue: '' or the name of a worker group; with '!' and a type of a
-- plugin, those of the group that have the plugin; '@' and a service's id, that one.
create or replace function sluice.has_worker(worker_group text)
returns boolean
language sql stable as $$
    select exists (
        select from sluice.services s
        where s.lease_until > now() and s.slots > 0
            and case when left($1, 1) = '@' then s.service_id = substr($1, 2) and s.state in ('RUNNING', 'DRAINING')
                     else s.state = 'RUNNING' and s.worker_group = split_part($1, '!', 1)
                         and (strpos($1, '!') = 0 or exists (
                             select from sluice.plugin_workers p
                             where p.service_id = s.service_id and p.type = split_part($1, '!', 2)))
                end)
$$;
comment on function sluice.has_worker(text) is 'Whether a worker is alive that takes jobs of this queue.';
