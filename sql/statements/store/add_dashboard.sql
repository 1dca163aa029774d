-- add_dashboard: a new one; no row: there is one of that name.
-- $1 dashboard_id  text
-- $2 source        text
-- $3 definition    jsonb
-- -> dashboard_id text, source text, definition jsonb, created_at timestamptz, updated_at timestamptz
insert into sluice.dashboards (dashboard_id, source, definition)
values ($1, $2, $3)
on conflict on constraint dashboards_pkey do nothing
returning dashboard_id, source, definition, created_at, updated_at;
