-- newest_heartbeat: when the newest sign of life was, as this server shows it.
-- -> heartbeat_at (null: there is no process), is_standby
select (select max(s.heartbeat_at) from sluice.services s), pg_is_in_recovery();
