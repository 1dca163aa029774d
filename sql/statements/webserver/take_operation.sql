-- take_operation: the open operation whose last piece is longest ago, with its next members. The lock is the claim: it is
-- held until the piece and what it made of the operation are committed together, and a process that dies lets it go. What
-- this transaction does from here on is done by whoever asked for the operation: so the audit tells it.
-- $1 most         bigint   members
-- -> operation_id, resource, action, options jsonb, filters jsonb, piece text[], position, within text[], created_by, …
-- plan: operations_open_idx
with turn as materialized (
    select operation_id, resource, action, options, filters, members[done + failed + 1:done + failed + $1] as piece, position,
        within, created_by, via, remote
    from sluice.operations
    where ended_at is null
    order by turn_at nulls first, operation_id
    limit 1
    for update skip locked
)
select operation_id, resource, action, options, filters, piece, position, within, created_by,
    set_config('sluice.actor', coalesce(nullif(regexp_replace(created_by, case via when 'SQL' then '^role ' else '^$' end, ''), ''),
        'anonymous'), true),
    set_config('sluice.via', via, true), set_config('sluice.remote', coalesce(remote, ''), true),
    set_config('sluice.act', upper(action), true)
from turn;
