-- login_of: what a password is held against. A service account has none.
-- $1 username     text
-- -> password_hash text, disabled boolean, wait_seconds double precision
select password_hash, disabled or kind = 'SERVICE',
    greatest(0, extract(epoch from coalesce(locked_until, now()) - now()))::double precision
from sluice.users
where username = $1;
