-- say_what_a_worker_has: the types of plugins that a worker runs, for as long as it lives.
-- $1 service_id  text
-- $2 types       text[]
-- $3 hashes      text[]
insert into sluice.plugin_workers (service_id, type, hash)
select $1, g.type, g.hash
from unnest($2::text[], $3::text[]) as g(type, hash)
on conflict (service_id, type) do update set hash = excluded.hash;
