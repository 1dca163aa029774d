-- outputs_of_batches: outputs of the executions of one piece of a ForEachItem, in the order of their batches.
-- $1 execution_id text
-- $2 task_run_id  text     a task run beside the one that started them
-- $3 task_id      text     of the one that started them
-- $4 chunk        integer  of its loop values, which hold the ids: "<id>" or "<id> <state>"
-- -> outputs jsonb, null where an execution has none
-- plan: task_runs_pkey, loop_values_pkey, executions_pkey
select e.outputs
from sluice.task_runs me
join sluice.task_runs starter on starter.execution_id = $1 and starter.task_id = $3
                             and starter.parent_id is not distinct from me.parent_id
join sluice.loop_values v on v.execution_id = $1 and v.task_run_id = starter.id and v.chunk = $4
cross join lateral jsonb_array_elements_text(v.items) with ordinality as i(text, n)
left join sluice.executions e on e.id = split_part(i.text, ' ', 1)
where me.execution_id = $1 and me.id = $2
order by i.n;
