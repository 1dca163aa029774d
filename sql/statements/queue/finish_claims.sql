-- finish_claims: results of jobs of one worker. A result counts only if its claim (task run, epoch) is still there: it is
-- deleted and becomes an event of the execution in this one statement. Of the others, which came too late, a record is kept.
-- $1 task_run_ids  text[]
-- $2 execution_ids text[]    of the same length, as those that follow
-- $3 epochs        bigint[]
-- $4 payloads      jsonb[]   of the events
-- $5 service_id    text
-- -> task_run_id text  of those that count
-- plan: claims_pkey; as a join it would read all claims while they seem to be few
with result as (
    select *
    from unnest((select $1::text[]), $2::text[], $3::bigint[], $4::jsonb[]) as r(task_run_id, execution_id, epoch, payload)
), done as (
    delete from sluice.claims c
    where c.task_run_id = any ((select $1::text[])::text[])
        and c.epoch = any (array(select r.epoch from result r where r.task_run_id = c.task_run_id and c.service_id = $5))
    returning c.task_run_id, c.epoch, c.execution_id,
        (select r.payload from result r where r.task_run_id = c.task_run_id and r.epoch = c.epoch limit 1) as payload
), event as (
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    select execution_id, 'task_finished', task_run_id, payload
    from done
), refused as (
    insert into sluice.refused_results (task_run_id, execution_id, epoch, service_id, state)
    select task_run_id, execution_id, epoch, $5, payload ->> 'state'
    from result
    where (task_run_id, epoch) not in (select task_run_id, epoch from done)
)
select task_run_id
from done;
