-- refuse_results: keeps a record of results that came from workers that had lost their claim.
-- $1.. arrays of equal length: task_run_id, execution_id, epoch, service_id, state
-- ->
insert into sluice.refused_results (task_run_id, execution_id, epoch, service_id, state)
select *
from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[]);
