-- delete_dashboard: for good; no row: there was none.
-- $1 dashboard_id  text
-- -> dashboard_id text
delete from sluice.dashboards where dashboard_id = $1 returning dashboard_id;
