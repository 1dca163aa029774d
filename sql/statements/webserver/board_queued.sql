-- board_queued: flows whose executions wait for a slot of their concurrency limit.
-- $1 namespace    text      this one and those below; null: all
-- $2 flow_id      text      null: all
-- $3 most         bigint
-- -> namespace, flow_id, waiting, since
select q.namespace, q.flow_id, count(*) as waiting, min(q.queued_at) as since
from sluice.queued_executions q
where ($1::text is null or q.namespace = $1 or starts_with(q.namespace, $1 || '.'))
    and ($2::text is null or q.flow_id = $2)
group by q.namespace, q.flow_id
order by since
limit $3;
