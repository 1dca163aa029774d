-- doctor: what is wrong with the database and the cluster, the worst first, in the order of the checks.
-- ->  check, severity, finding, remedy
select d."check", d.severity, d.finding, d.remedy
from sluice.doctor() with ordinality as d("check", severity, finding, remedy, place)
order by array_position(array['ERROR', 'WARNING', 'OK'], d.severity), d.place;
