-- flows_with_words: flows that are, or were there, with all of some words in their name or namespace.
-- $1 patterns     text[]
-- -> namespace, flow_id
select f.namespace, f.flow_id
from sluice.flows f
where f.latest and f.namespace || ' ' || f.flow_id ilike all ($1::text[]);
