-- drop_announcement: takes one away.
-- $1 id           bigint
-- -> boolean: it was there
select sluice.drop_announcement($1);
