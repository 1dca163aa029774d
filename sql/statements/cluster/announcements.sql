-- announcements: messages for everybody, the most severe and newest first.
-- $1 all          boolean  also those whose time is over, or has not come
-- -> id bigint, message text, level text, starts_at timestamptz, ends_at timestamptz, created_by text, shown boolean
-- bounded: people write them
select announcement_id, message, level, starts_at, ends_at, created_by,
    starts_at <= now() and coalesce(ends_at > now(), true) as shown
from sluice.announcements
where $1 or (starts_at <= now() and coalesce(ends_at > now(), true))
order by array_position(array['ERROR', 'WARNING', 'INFO'], level), announcement_id desc
limit 1000;
