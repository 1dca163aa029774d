-- link_user: from now on this user is the provider's.
-- $1 username     text
-- $2 issuer       text
-- $3 subject      text
-- ->
update sluice.users
set issuer = $2, subject = $3, updated_at = now()
where username = $1 and subject is null;
