-- put_jobs: tasks for workers, a set at once.
-- $1.. arrays of equal length: worker_group, execution_id, task_run_id, epoch, payload
-- ->
insert into sluice.jobs (worker_group, execution_id, task_run_id, epoch, payload)
select *
from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::jsonb[]);
