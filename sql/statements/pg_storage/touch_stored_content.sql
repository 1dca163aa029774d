-- touch_stored_content: it is still being written.
-- $1 content_id bigint
update sluice.stored_contents
set touched_at = now()
where content_id = $1 and published_at is null;
