-- lock_flow: revisions of a flow are made by one transaction at a time.
-- $1 namespace    text
-- $2 flow_id      text
-- ->
select pg_advisory_xact_lock(hashtextextended($1 || '/' || $2, 2));
