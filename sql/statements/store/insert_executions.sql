-- insert_executions: new executions, a set at once.
-- $1.. arrays of equal length, one element for each execution, in the order of the columns below
-- ->
with made as (
    insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, started_at, ended_at, kind,
        labels, inputs, outputs, trigger, parent_id, original_id, caller_id, caller_task_run_id, attempt, schedule_date, progress,
        history)
    select *
    from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[], $7::timestamptz[],
        $8::timestamptz[], $9::text[], $10::jsonb[], $11::jsonb[], $12::jsonb[], $13::jsonb[], $14::text[], $15::text[],
        $16::text[], $17::text[], $18::integer[], $19::timestamptz[], $20::jsonb[], $21::text[])
    returning id
)
insert into sluice.recounts (prefix)  -- ids are older than this only after long uploads
select distinct left(id, 6) from made where id < (select sluice.recount_below());
