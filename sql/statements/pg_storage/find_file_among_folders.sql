-- find_file_among_folders: the first of these paths that is a file.
-- $1 paths text[]
-- -> path; no row: none is
select path
from sluice.stored_files
where path = any ($1::text[]) and not is_folder
order by path
limit 1;
