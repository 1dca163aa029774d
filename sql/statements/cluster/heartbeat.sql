-- heartbeat: one statement for all that a process does. Nothing is returned when the service was declared dead: it must
-- stop everything at once.
-- $1 service_id   text
-- $2 lease        interval
-- $3 state        text
-- $4 details      jsonb
-- -> now timestamptz, others bigint: other services that are alive, silent boolean: the lease of another one is over
with alive as (
    update sluice.services
    set heartbeat_at = now(), lease_until = now() + $2, state = $3, details = $4
    where service_id = $1 and state in ('RUNNING', 'DRAINING')
    returning service_id
)
select now(), o.alive, o.silent
from alive, (
    select count(*) filter (where lease_until > now()) as alive,
        coalesce(bool_or(lease_until <= now()), false) as silent
    from sluice.services
    where state in ('RUNNING', 'DRAINING') and service_id <> $1) o;
