-- list_roles: all roles.
-- -> role text, description text, capabilities text[], builtin boolean
select role, description, capabilities, builtin
from sluice.roles
order by not builtin, role
limit 1000;
