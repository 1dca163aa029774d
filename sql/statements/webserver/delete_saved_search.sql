-- delete_saved_search: forgets one of a user's own.
-- $1 page, $2 owner, $3 name
-- -> nothing when there was none
delete from sluice.saved_searches
where page = $1 and owner = $2 and name = $3
returning name;
