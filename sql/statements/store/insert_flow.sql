-- insert_flow: a new revision.
-- $1 namespace, $2 flow_id, $3 revision, $4 source, $5 definition, $6 disabled, $7 deleted, $8 labels, $9 created_by
-- -> created_at timestamptz
insert into sluice.flows (namespace, flow_id, revision, source, definition, disabled, deleted, labels, created_by)
values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8::jsonb, $9)
returning created_at;
