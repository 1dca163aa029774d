-- drop_broken_jobs: jobs of task runs that are over are for nobody.
-- $1 older        interval
-- -> task_run_id text
with broken as (
    select j.worker_group, j.seq
    from sluice.jobs j
    where (j.worker_group, j.seq) in (select b.worker_group, b.seq from sluice.broken_jobs($1) b)
    for update skip locked
)
delete from sluice.jobs j
using broken b
where j.worker_group = b.worker_group and j.seq = b.seq
returning j.task_run_id;
