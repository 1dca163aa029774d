-- remove_stored_file: a file, or a folder that is empty.
-- $1 path text
-- -> path; no row: it is not there, or a folder that is not empty
with gone as (
    delete from sluice.stored_files f
    where path = $1 and not exists (select from sluice.stored_files below where below.parent = $1)
    returning path, content_id
), released as (
    update sluice.stored_contents
    set released_at = now()
    where content_id in (select content_id from gone)
)
select path
from gone;
