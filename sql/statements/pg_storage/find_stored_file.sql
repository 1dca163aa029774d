-- find_stored_file: a file or folder.
-- $1 path text
-- -> path, is_folder, content_id (null: a folder), size_bytes, metadata, created_at, modified_at
-- plan: stored_files_pkey
select path, is_folder, content_id, size_bytes, metadata, created_at, modified_at
from sluice.stored_files
where path = $1;
