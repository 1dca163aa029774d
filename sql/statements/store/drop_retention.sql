-- drop_retention: removes such a rule.
-- $1 namespace    text
-- $2 state        text
-- -> boolean: true, or nothing: there was none
select sluice.drop_retention(r.namespace, r.state)
from (select namespace, state from sluice.retention_rules where namespace = $1 and state = upper($2) for update) r;
