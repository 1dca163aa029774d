-- has_worker: whether a worker of a group is alive and takes jobs.
-- $1 worker_group  text      with '!' and a type of a plugin: one that has the plugin
-- -> exists boolean
-- plan: a small table
select sluice.has_worker($1);
