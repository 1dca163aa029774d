-- announce: a message for everybody who sees the page.
-- $1 message      text
-- $2 level        text
-- $3 starts_at    timestamptz  null: now
-- $4 ends_at      timestamptz  null: until somebody deletes it
-- -> announcement_id bigint
select sluice.announce($1, $2, $3, $4);
