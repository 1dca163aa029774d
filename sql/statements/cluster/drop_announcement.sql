-- drop_announcement: takes one away.
-- $1 id           bigint
-- -> boolean: true, or nothing: there is none of this id
select sluice.drop_announcement(a.announcement_id)
from (select announcement_id from sluice.announcements where announcement_id = $1 for update) a;
