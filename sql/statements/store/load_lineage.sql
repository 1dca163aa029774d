-- load_lineage: task runs and all their ancestors: what a step needs to apply a result.
-- $1 execution_ids text[]
-- $2 ids           text[]  of the same length
-- -> the columns of a task run
-- plan: task_runs_pkey, once for each id and level; partitions pruned as the ids come. A list of all ids as one more
--       condition would prune sooner, and be looked through in each look-up: its square of work.
with recursive lineage as (
    select t.*
    from unnest((select $1::text[]), $2::text[]) as u(execution_id, id)
    join sluice.task_runs t on t.execution_id = u.execution_id and t.id = u.id
    union
    select t.*
    from lineage l
    join sluice.task_runs t on t.execution_id = l.execution_id and t.id = l.parent_id
)
select t.execution_id, t.id, t.ordinal, t.task_id, t.parent_id, t.value, t.parent_values, t.iteration, t.state, t.created_at,
    t.started_at, t.ended_at, t.worker_id, t.epoch, t.attempts, t.outputs, t.progress, t.history
from lineage t;
