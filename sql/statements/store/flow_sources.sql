-- flow_sources: the texts of several revisions.
-- $1.. arrays of equal length: namespace, flow_id, revision bigint
-- -> namespace, flow_id, revision, source
-- plan: flows_pkey
select f.namespace, f.flow_id, f.revision, f.source
from unnest($1::text[], $2::text[], $3::bigint[]) as u(namespace, flow_id, revision)
join sluice.flows f using (namespace, flow_id, revision);
