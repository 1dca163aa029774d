-- put_token: a new token of a user.
-- $1 username     text
-- $2 name         text
-- $3 token_hash   text
-- $4 beginning    text
-- $5 role         text
-- $6 namespace    text
-- $7 expires_at   timestamptz
-- -> token_id bigint, created_at timestamptz
insert into sluice.api_tokens (username, name, token_hash, beginning, role, namespace, expires_at)
values ($1, $2, $3, $4, $5, $6, $7)
returning token_id, created_at;
