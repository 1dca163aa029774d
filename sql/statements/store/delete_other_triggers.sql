-- delete_other_triggers: rows of triggers that a flow no longer has.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 trigger_ids  text[]  those that it has
-- ->
delete from sluice.triggers
where namespace = $1 and flow_id = $2 and trigger_id <> all ($3::text[]);
