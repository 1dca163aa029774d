-- delete_token: a token is revoked.
-- $1 username     text
-- $2 token_id     bigint
-- ->
delete from sluice.api_tokens
where username = $1 and token_id = $2;
