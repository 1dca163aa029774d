-- has_worker: whether a worker of a group is alive and takes jobs.
-- $1 worker_group  text
-- -> exists boolean
-- plan: a small table
select exists (
    select from sluice.services
    where worker_group = $1 and state = 'RUNNING' and slots > 0 and lease_until > now());
