-- end_retention: how far a piece of the sweep came. begin_retention locked the row.
-- $1 reached      text    '': the sweep is over
-- $2 executions   bigint  that it purged
-- ->
update sluice.retention_sweep
set reached = $1, executions = executions + $2, purged_at = case when $2 > 0 then now() else purged_at end;
