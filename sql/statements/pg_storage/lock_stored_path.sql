-- lock_stored_path: who puts a file of this name goes one after the other; who moves or removes trees waits for all of
-- them, and they for him.
-- $1 path text
select pg_advisory_xact_lock_shared(7305, 0), pg_advisory_xact_lock(7306, hashtext($1));
