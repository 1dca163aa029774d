-- flows_with_free_slots: flows with a free slot while executions wait for one.
-- $1 older        interval
-- -> namespace text, flow_id text
select namespace, flow_id
from sluice.free_slots($1);
