-- remove_stored_files: the next files and folders below a folder, and itself with the last of them.
-- $1 path  text     "" means the root: everything
-- $2 most  bigint
-- -> path text, is_folder boolean; fewer than $2 rows: that was all
with doomed as (
    select path
    from sluice.stored_files
    where path >= $1 and path < $1 || '0' and (path = $1 or path > $1 || '/')  -- siblings such as $1.txt lie between
    order by path desc
    limit $2
), gone as (
    delete from sluice.stored_files f
    using doomed
    where f.path = doomed.path
    returning f.path, f.is_folder, f.content_id
), released as (
    update sluice.stored_contents
    set released_at = now()
    where content_id in (select content_id from gone)
)
select path, is_folder
from gone
order by path;
