-- begin_stored_content: room for the bytes of a file that is being written.
-- -> content_id bigint
insert into sluice.stored_contents default values
returning content_id;
