-- kill_switches: all that are set.
-- -> id bigint, namespace text, flow_id text, execution_id text, reason text, created_by text, created_at timestamptz
-- bounded: people set them
select kill_switch_id, namespace, flow_id, execution_id, reason, created_by, created_at
from sluice.kill_switches
order by kill_switch_id;
