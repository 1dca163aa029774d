-- find_dashboard: one, by its name.
-- $1 dashboard_id  text
-- -> dashboard_id text, source text, definition jsonb, created_at timestamptz, updated_at timestamptz
-- plan: dashboards_pkey
select dashboard_id, source, definition, created_at, updated_at
from sluice.dashboards
where dashboard_id = $1;
