-- set_retention: how long executions of a namespace that ended in a state are kept.
-- $1 namespace    text      '': all
-- $2 state        text      '': any
-- $3 keep         interval  null: for ever
-- ->
select sluice.set_retention($1, $2, $3);
