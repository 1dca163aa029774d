-- lock_namespace: one at a time compares a namespace with what its author had seen, and changes it, also where it has no row yet.
-- $1 namespace    text
-- ->
select pg_advisory_xact_lock(hashtextextended($1, 42));
