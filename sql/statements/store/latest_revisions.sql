-- latest_revisions: the newest revisions of some flows.
-- $1 namespaces   text[]
-- $2 flow_ids     text[]  of the same length
-- -> namespace, flow_id, revision, disabled, deleted
-- plan: flows_latest_key
select f.namespace, f.flow_id, f.revision, f.disabled, f.deleted
from unnest($1::text[], $2::text[]) as u(namespace, flow_id)
join sluice.flows f on f.namespace = u.namespace and f.flow_id = u.flow_id and f.latest;
