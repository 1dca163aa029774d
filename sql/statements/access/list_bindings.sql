-- list_bindings: who has which role where.
-- -> binding_id bigint, username text, group_name text, role text, namespace text, created_at timestamptz
select binding_id, username, group_name, role, namespace, created_at
from sluice.role_bindings
order by binding_id
limit 10000;
