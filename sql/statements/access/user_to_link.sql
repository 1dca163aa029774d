-- user_to_link: is there a user of that name, and may the provider's be him?
-- $1 username     text
-- -> is_free boolean, disabled boolean
select subject is null and kind = 'PERSON', disabled
from sluice.users
where username = $1
for update;
