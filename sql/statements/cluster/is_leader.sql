-- is_leader: locks the leadership row against a change for the rest of the transaction, if the epoch is still ours.
-- $1 role         text
-- $2 service_id   text
-- $3 epoch        bigint
-- -> epoch bigint, when it is
select epoch
from sluice.leadership
where role = $1 and service_id = $2 and epoch = $3
for share;
