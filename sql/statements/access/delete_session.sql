-- delete_session: a user logs out.
-- $1 token_hash   text
-- -> by_provider boolean
delete from sluice.sessions
where token_hash = $1
returning by_provider;
