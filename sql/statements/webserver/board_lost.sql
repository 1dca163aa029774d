-- board_lost: processes that fell silent, now or in the last day, the latest first.
-- $1 most         bigint
-- -> service_id, roles, state, host, since
select s.service_id, array_to_string(s.roles, ', '), s.state, s.host, coalesce(s.ended_at, s.heartbeat_at) as since
from sluice.service_overview s
where s.state = 'DISCONNECTED' or (s.state = 'DEAD' and s.ended_at > now() - interval '1 day')
order by since desc
limit $1;
