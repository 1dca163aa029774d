-- lift_kill_switch: what it was about may begin again.
-- $1 id           bigint
-- -> boolean: true, or nothing: there is none of this id
select sluice.lift_kill_switch(k.kill_switch_id)
from (select kill_switch_id from sluice.kill_switches where kill_switch_id = $1 for update) k;
