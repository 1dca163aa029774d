-- drop_broken_jobs: jobs of task runs that are over are for nobody.
-- $1 older        interval
-- -> task_run_id text
delete from sluice.jobs j
using sluice.broken_jobs($1) b
where j.worker_group = b.worker_group and j.seq = b.seq
returning j.task_run_id;
