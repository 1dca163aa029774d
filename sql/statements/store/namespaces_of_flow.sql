-- namespaces_of_flow: where there is, or was, a flow of some name.
-- $1 flow_id      text
-- $2 within       text      a namespace: this one and those below it
-- $3 most         bigint
-- -> namespace
select distinct f.namespace
from sluice.flows f
where f.flow_id = $1 and (f.namespace = $2 or starts_with(f.namespace, $2 || '.'))
limit $3;
