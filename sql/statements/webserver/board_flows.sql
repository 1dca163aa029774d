-- board_flows: the flows that ran most, those with most failures first.
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 namespace    text      this one and those below; null: all
-- $4 flow_id      text      null: all
-- $5 most         bigint
-- -> namespace, flow_id, executions, failed, ended_well, seconds (of those that ended well)
select c.namespace, c.flow_id, sum(c.executions)::bigint as executions, sum(c.failed)::bigint as failed, sum(c.ended_well)::bigint,
    sum(c.seconds)
from sluice.flows_counted($1, $2, $3, $4) c
group by c.namespace, c.flow_id
order by failed desc, executions desc, c.namespace, c.flow_id
limit $5;
