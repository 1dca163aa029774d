-- prune_audit: rows that are older than they are kept, some at a time.
-- $1 keep         interval
-- $2 most         bigint
-- ->
delete from sluice.audit_log
where seq in (select seq from sluice.audit_log where at < now() - $1::interval order by seq limit $2);
