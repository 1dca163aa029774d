-- lock_users: two servers that start at once make the first user in turn. A statement of its own, so that the second one
-- sees what the first one did.
-- ->
select pg_advisory_xact_lock(126943995032425);
