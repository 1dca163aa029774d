-- enter_maintenance: the cluster takes no new work.
-- $1 reason       text
-- -> boolean: it did until now
select sluice.enter_maintenance($1);
