-- drop_parked: a parked event is thrown away.
-- $1 id           bigint
-- -> dropped boolean
select sluice.drop_parked($1);
