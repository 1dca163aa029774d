-- end_stale_leader: ends the session that holds a role's lock when the lease of its service is over. A leader that stands
-- still keeps it: the kernel of its machine answers for it.
-- $1 role  text
-- -> pid integer, service_id text of the sessions that were ended
-- plan: sessions of this database; a small table. Materialized: all conditions must hold before a session is ended.
with stale as materialized (
    select a.pid, s.service_id
    from pg_catalog.pg_stat_activity a
    join sluice.services s on s.service_id = split_part(a.application_name, ' ', 3)
    where a.datname = current_database() and a.application_name like 'sluice ' || $1 || ' %'
        and a.pid <> pg_backend_pid() and (s.state = 'DEAD' or s.lease_until < now())
)
select pid, service_id
from stale
where pg_catalog.pg_terminate_backend(pid);
