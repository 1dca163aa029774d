-- first_user: the oldest user.
-- -> username text
select username
from sluice.users
order by created_at
limit 1;
