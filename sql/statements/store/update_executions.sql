-- update_executions: what steps changed of executions, a set at once.
-- $1.. arrays of equal length: id, state, started_at, ended_at, labels, outputs, variables, attempt, progress, history,
--      inputs (null: as they are)
-- ->
-- plan: executions_pkey, once for each row (see load_lineage)
with changed as (
    update sluice.executions e
    set state = u.state, started_at = u.started_at, ended_at = u.ended_at, labels = u.labels, outputs = u.outputs,
        variables = u.variables, attempt = u.attempt, progress = u.progress, history = u.history,
        inputs = coalesce(u.inputs, e.inputs), version = e.version + 1
    from unnest((select $1::text[]), $2::text[], $3::timestamptz[], $4::timestamptz[], $5::jsonb[], $6::jsonb[], $7::jsonb[],
        $8::integer[], $9::jsonb[], $10::text[], $11::jsonb[])
        as u(id, state, started_at, ended_at, labels, outputs, variables, attempt, progress, history, inputs)
    where e.id = u.id
    returning e.id
)
insert into sluice.recounts (prefix)  -- of those that may have been counted for boards already
select distinct left(id, 6) from changed where id < (select sluice.recount_below());
