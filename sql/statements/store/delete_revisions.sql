-- delete_revisions: old revisions of a flow go for good; the newest one stays.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 revisions    bigint[]
-- -> revision bigint
-- plan: flows_pkey
with gone as (
    delete from sluice.flows
    where namespace = $1 and flow_id = $2 and revision = any ($3) and not latest
    returning revision, source
)
select g.revision
from gone g, sluice.note('DELETE_REVISION', 'FLOW', $1, $2,
                         jsonb_build_object('revision', g.revision, 'source', g.source));
