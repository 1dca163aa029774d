-- exit_maintenance: the cluster takes work again.
-- -> boolean: it did not until now
select sluice.exit_maintenance();
