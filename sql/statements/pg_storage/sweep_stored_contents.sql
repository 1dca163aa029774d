-- sweep_stored_contents: removes the bytes that no file has any more, and those that were never published.
-- $1 released_age  interval  how long who reads one may take to finish
-- $2 abandoned_age interval  without a sign of its writer
-- $3 most          bigint
-- -> content_id, abandoned boolean
with doomed as (
    select content_id
    from sluice.stored_contents
    where released_at < now() - $1::interval or (published_at is null and touched_at < now() - $2::interval)
    limit $3
    for update skip locked
)
delete from sluice.stored_contents c
using doomed
where c.content_id = doomed.content_id
returning c.content_id, c.published_at is null;
