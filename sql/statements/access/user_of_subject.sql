-- user_of_subject: whom a provider means. The row is held: two log-ins of one user come one after the other.
-- $1 issuer       text
-- $2 subject      text
-- -> username text, disabled boolean
select username, disabled
from sluice.users
where issuer = $1 and subject = $2
for update;
