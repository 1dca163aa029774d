-- lift_kill_switch: what it was about may begin again.
-- $1 id           bigint
-- -> boolean: it was there
select sluice.lift_kill_switch($1);
