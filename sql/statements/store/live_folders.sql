-- live_folders: which shared folders of working directories are still needed: their task run is not over, and has not
-- been begun anew with another folder.
-- $1 execution_ids text[]
-- $2 task_run_ids  text[]
-- $3 epochs        bigint[]  of the jobs that made the folders
-- -> id text
-- plan: task_runs_pkey
select r.id
from unnest($1::text[], $2::text[], $3::bigint[]) as u(execution_id, id, epoch)
join sluice.task_runs r on r.execution_id = u.execution_id and r.id = u.id
where r.state in ('RUNNING', 'KILLING')
    and r.progress ->> 'folder' in ('opening', 'open', 'closing')
    and (r.progress ->> 'folderEpoch')::bigint = u.epoch;
