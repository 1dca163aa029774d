-- lock_stored_tree: nobody puts, moves or removes meanwhile.
select pg_advisory_xact_lock(7305, 0);
