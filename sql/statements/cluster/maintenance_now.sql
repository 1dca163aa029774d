-- maintenance_now: whether the cluster takes no new work, and what still runs.
-- -> reason text, entered_by text, entered_at timestamptz, running bigint; no row: it takes work
select m.reason, m.entered_by, m.entered_at, (select count(*) from sluice.claims)
from sluice.maintenance m
where m.left_at is null;
