-- saved_searches: those of a page that a user may use: his own first, then what others share.
-- $1 page         text
-- $2 user         text
-- -> owner, name, query, shared boolean, updated_at
-- plan: saved_searches_pkey
select owner, name, query, shared, updated_at
from sluice.saved_searches
where page = $1 and (owner = $2 or shared)
order by owner <> $2, name
limit 500;
