-- put_operation: an act on many, to be done piece by piece. Those that ended a month ago go at the same time. Of a query, what
-- begins after it does not belong to it: ids sort by time.
-- $1 operation_id text
-- $2 resource     text     executions, flows, triggers
-- $3 action       text
-- $4 options      jsonb
-- $5 filters      jsonb    or NULL
-- $6 members      text[]   or NULL
-- $7 total        bigint
-- $8 within       text[]   namespaces that whoever asks reaches; NULL: all
-- $9 created_by   text
-- $10 via         text
-- $11 remote      text
-- ->
with gone as (
    delete from sluice.operations
    where operation_id = any (array(
        select operation_id from sluice.operations where ended_at < now() - interval '30 days' order by operation_id limit 5))
)
insert into sluice.operations (operation_id, resource, action, options, filters, members, position, total, within, created_by, via,
    remote)
values ($1, $2, $3, $4, $5, $6, case when $5::jsonb is not null then $1::text end, $7, $8, $9, $10, $11);
