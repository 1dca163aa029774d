-- purge_executions: removes executions that are over, with their task runs and loops; and the logs and metrics of them.
-- $1 ids        text[]
-- $2 executions boolean  themselves
-- $3 logs       boolean
-- $4 metrics    boolean
-- -> executions bigint, logs bigint, metrics bigint
with over as materialized (
    select id
    from sluice.executions
    where id = any ($1::text[])
        and state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED')
    for update
), runs as (
    delete from sluice.task_runs where $2 and execution_id in (select id from over)
), loops as (
    delete from sluice.loop_values where $2 and execution_id in (select id from over)
), lines as (
    delete from sluice.logs where $3 and execution_id in (select id from over) returning 1
), measures as (
    delete from sluice.metrics where $4 and execution_id in (select id from over) returning 1
), themselves as (
    delete from sluice.executions where $2 and id in (select id from over) returning id
), marks as (
    insert into sluice.recounts (prefix)
    select distinct left(id, 6) from themselves where id < (select sluice.recount_below())
)
select (select count(*) from themselves), (select count(*) from lines), (select count(*) from measures);
