-- end_sweep: what a sweep repaired, and where the next one goes on. begin_sweep locked the row.
-- $1 invariant    text
-- $2 repaired     bigint
-- $3 last_id      text    null: nothing was repaired
-- $4 cursor       text    '': the next one begins anew
-- ->
update sluice.repairs
set repaired = repaired + $2, last_id = coalesce($3, last_id), cursor = $4,
    repaired_at = case when $2 > 0 then now() else repaired_at end
where invariant = $1;
