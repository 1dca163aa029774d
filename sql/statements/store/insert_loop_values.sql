-- insert_loop_values: the values of a loop, in pieces.
-- $1.. arrays of equal length: execution_id, task_run_id, chunk, values
-- ->
insert into sluice.loop_values (execution_id, task_run_id, chunk, items)
select *
from unnest($1::text[], $2::text[], $3::integer[], $4::jsonb[])
on conflict (execution_id, task_run_id, chunk) do update set items = excluded.items;
