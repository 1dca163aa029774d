-- finish_claims: results of jobs. A result counts only if its claim (task run, epoch) is still there: it is deleted and
-- becomes an event of the execution in this one statement. What is missing from the answer was refused.
-- $1.. arrays of equal length: task_run_id, epoch, payload of the event, service_id
-- -> task_run_id text, execution_id text
with result as (
    select *
    from unnest($1::text[], $2::bigint[], $3::jsonb[], $4::text[]) as r(task_run_id, epoch, payload, service_id)
), done as (
    delete from sluice.claims c
    using result r
    where c.task_run_id = r.task_run_id and c.epoch = r.epoch and c.service_id = r.service_id
    returning c.task_run_id, c.execution_id, r.payload
), event as (
    insert into sluice.execution_events (execution_id, kind, task_run_id, payload)
    select execution_id, 'task_finished', task_run_id, payload
    from done
)
select task_run_id, execution_id
from done;
