-- put_saved_search: keeps a filter of a page under a name of its owner, in place of the one of that name.
-- $1 page, $2 owner, $3 name, $4 query
-- $5 shared       boolean
-- ->
insert into sluice.saved_searches as s (page, owner, name, query, shared)
values ($1, $2, $3, $4, $5)
on conflict on constraint saved_searches_pkey do update
set query = excluded.query, shared = excluded.shared, updated_at = now();
