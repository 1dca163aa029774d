-- password_of: the hash of a user's password.
-- $1 username     text
-- -> password_hash text
select password_hash
from sluice.users
where username = $1;
