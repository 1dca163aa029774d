-- read_stored_chunk: a piece of a file.
-- $1 content_id bigint, $2 number integer
-- -> bytes text, hexadecimal; no row: the content is gone
-- plan: stored_chunks_pkey
select encode(bytes, 'hex')
from sluice.stored_chunks
where content_id = $1 and number = $2;
