-- note_starts: executions that people started, of one batch.
-- $1 actors       text[]
-- $2 vias         text[]
-- $3 remotes      text[]
-- $4 namespaces   text[]
-- $5 flows        text[]
-- $6 executions   text[]
-- ->
insert into sluice.audit_log (at, actor, via, remote, act, resource, namespace, subject, after)
select clock_timestamp(), actor, via, nullif(remote, ''), 'START', 'EXECUTION', namespace, execution,
    jsonb_build_object('flow', flow)
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    as s(actor, via, remote, namespace, flow, execution);
