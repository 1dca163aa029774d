-- copy_loop_values: the values of loops whose task runs were copied into another execution.
-- $1 from         text      execution
-- $2 to           text      execution
-- $3 old_ids      text[]    task runs
-- $4 new_ids      text[]    as long as the first
-- ->
-- plan: loop_values_pkey
insert into sluice.loop_values (execution_id, task_run_id, chunk, items)
select $2, u.new_id, v.chunk, v.items
from unnest($3::text[], $4::text[]) as u(old_id, new_id)
join sluice.loop_values v on v.execution_id = $1 and v.task_run_id = u.old_id;
