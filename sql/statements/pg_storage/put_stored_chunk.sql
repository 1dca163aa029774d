-- put_stored_chunk: the next piece of a file that is being written.
-- $1 content_id bigint, $2 number integer
-- $3 bytes  text  hexadecimal
insert into sluice.stored_chunks (content_id, number, bytes)
values ($1, $2, decode($3, 'hex'));
