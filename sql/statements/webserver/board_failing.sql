-- board_failing: flows that failed, those first whose last run failed; with their newest failure, and what it said.
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 lowest_id    text      of $1
-- $4 namespace    text      this one and those below; null: all
-- $5 flow_id      text      null: all
-- $6 most         bigint
-- -> namespace, flow_id, failed, id, ended_at, task_id, message, last_state
-- plan: executions_flow_idx for each flow, logs_pkey
select f.namespace, f.flow_id, f.failed, e.id, e.ended_at, l.task_id, left(l.message, 500), last.state
from (
    select c.namespace, c.flow_id, sum(c.executions)::bigint as failed
    from sluice.executions_counted($1, $2, $4, $5, '{FAILED}', true, null, 'all') c
    group by c.namespace, c.flow_id
    order by failed desc
    limit $6) f
cross join lateral (
    select x.id, x.ended_at
    from sluice.executions x
    where x.namespace = f.namespace and x.flow_id = f.flow_id and x.id >= $3 and x.state = 'FAILED' and x.kind is null
    order by x.id desc
    limit 1) e
cross join lateral (
    select x.state
    from sluice.executions x
    where x.namespace = f.namespace and x.flow_id = f.flow_id and x.id >= e.id and x.kind is null and x.ended_at is not null
        and x.state <> 'PAUSED'
    order by x.id desc
    limit 1) last
left join lateral (
    select x.task_id, x.message
    from sluice.logs x
    where x.execution_id = e.id and x.level = 4
    order by x.seq desc
    limit 1) l on true
order by last.state <> 'FAILED', e.ended_at desc;
