-- replica_state: asked of a standby: how old is what it shows, and how far has it come?
-- $1 service_id   text    of the process that asks; no row: it is no copy of that process's database
-- -> heartbeat_at, position (null: it can't say, or is no standby any more)
-- plan: services_pkey; no seq scan
select s.heartbeat_at,
    case when pg_is_in_recovery() then (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint end
from sluice.services s
where s.service_id = $1;
