-- list_stored_files: what stands directly in a folder, by name.
-- $1 parent text
-- -> path, is_folder, content_id (null: a folder), size_bytes, metadata, created_at, modified_at
-- plan: stored_files_parent_idx
select path, is_folder, content_id, size_bytes, metadata, created_at, modified_at
from sluice.stored_files
where parent = $1
order by path;
