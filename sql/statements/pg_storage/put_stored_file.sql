-- put_stored_file: gives a content its name, replacing what had it; the old content is released.
-- $1 path text, $2 parent text
-- $3 content_id bigint, $4 size_bytes bigint, $5 metadata text
-- -> path; no row: there is a folder of that name
with old as (
    select content_id
    from sluice.stored_files
    where path = $1 and not is_folder
), released as (
    update sluice.stored_contents
    set released_at = now()
    where content_id = (select content_id from old)
), published as (
    update sluice.stored_contents
    set published_at = now()
    where content_id = $3
)
insert into sluice.stored_files as f (path, parent, is_folder, content_id, size_bytes, metadata)
values ($1, $2, false, $3, $4, $5)
on conflict (path) do update
set content_id = excluded.content_id, size_bytes = excluded.size_bytes, metadata = excluded.metadata,
    created_at = now(), modified_at = now()
where not f.is_folder
returning path;
