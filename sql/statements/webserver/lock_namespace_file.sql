-- lock_namespace_file: one at a time compares a file with what its author had seen, and replaces it.
-- $1 uri          text
-- ->
select pg_advisory_xact_lock(hashtextextended($1, 40));
