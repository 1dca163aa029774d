-- board_flows: the flows that ran most, those with most failures first.
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 namespace    text      this one and those below; null: all
-- $4 flow_id      text      null: all
-- $5 labels       jsonb     null: all
-- $6 most         bigint
-- -> namespace, flow_id, executions, failed, ended_well, seconds (of those that ended well)
select c.namespace, c.flow_id, sum(c.executions)::bigint as executions,
    coalesce(sum(c.executions) filter (where c.state in ('FAILED', 'KILLED', 'RETRIED')), 0)::bigint as failed,
    coalesce(sum(c.executions) filter (where c.state in ('SUCCESS', 'WARNING')), 0)::bigint,
    coalesce(sum(c.seconds) filter (where c.state in ('SUCCESS', 'WARNING')), 0)
from sluice.executions_counted($1, $2, $3, $4, null, true, $5, 'all') c
group by c.namespace, c.flow_id
order by failed desc, executions desc, c.namespace, c.flow_id
limit $6;
