-- make_stored_folders: those that are not there yet, in one order for all. A file in the way stays.
-- $1 paths text[], $2 parents text[]
insert into sluice.stored_files (path, parent, is_folder)
select path, parent, true
from unnest($1::text[], $2::text[]) as wanted (path, parent)
order by path
on conflict (path) do nothing;
