-- change_dashboard: another text of one that is there; no row: it is not.
-- $1 dashboard_id  text
-- $2 source        text
-- $3 definition    jsonb
-- -> dashboard_id text, source text, definition jsonb, created_at timestamptz, updated_at timestamptz
update sluice.dashboards
set source = $2, definition = $3, updated_at = now()
where dashboard_id = $1
returning dashboard_id, source, definition, created_at, updated_at;
