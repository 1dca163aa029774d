-- advance_operation: a piece of an operation is done.
-- $1 operation_id text
-- $2 done         bigint
-- $3 members      text[]   those that refused it,
-- $4 reasons      text[]   and why
-- $5 position     text     of a query: the last one of the piece, or NULL
-- $6 ended        boolean  that was the last piece
-- ->
with told as (
    insert into sluice.operation_failures (operation_id, member, reason)
    select $1, f.member, f.reason
    from unnest($3::text[], $4::text[]) as f(member, reason)
)
update sluice.operations
set done = done + $2,
    failed = failed + cardinality($3::text[]),
    position = coalesce($5, position),
    turn_at = clock_timestamp(),
    state = case when $6 then 'DONE' else 'RUNNING' end,
    ended_at = case when $6 then clock_timestamp() end
where operation_id = $1;
