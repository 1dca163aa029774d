-- why_trigger: what stops a trigger, its next date, what became of its last one.
-- $1 namespace, $2 flow_id, $3 trigger_id
-- -> code, reason, since
select code, reason, since
from sluice.why_trigger($1, $2, $3);
