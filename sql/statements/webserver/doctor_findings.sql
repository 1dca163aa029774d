-- doctor_findings: what is wrong with the database or the cluster, the worst first.
-- -> check, severity (OK, WARNING, ERROR), finding, remedy (null when it is OK)
select d."check", d.severity, d.finding, d.remedy
from sluice.doctor() d;
