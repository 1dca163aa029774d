-- namespace_names: those that say something of themselves, whether they have flows or not.
-- -> namespace
select namespace
from sluice.namespaces
order by namespace
limit 100000;
