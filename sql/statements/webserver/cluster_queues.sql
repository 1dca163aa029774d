-- cluster_queues: how much waits in each queue.
-- -> queue, worker_group, depth, oldest (seconds)
select q.queue, q.worker_group, q.depth, extract(epoch from q.oldest)::float8
from sluice.queue_depth q
order by q.queue, q.worker_group;
