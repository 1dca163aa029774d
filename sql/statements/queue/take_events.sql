-- take_events: the oldest events that nobody else is working on, locked. They are deleted in the same transaction.
-- $1 max_events   bigint
-- $2 from_seq     bigint  lowest live seq seen so far, less a margin; 0: all
-- $3 busy         text[]  executions that somebody else had locked a moment ago
-- -> seq bigint, execution_id text, kind text, task_run_id text, payload jsonb, failures integer, now timestamptz
-- plan: execution_events_pkey; no sort
select seq, execution_id, kind, task_run_id, payload, failures, now()
from sluice.execution_events
where seq >= $2 and execution_id <> all ($3::text[])
    -- In maintenance mode, what did not begin waits for its end.
    and (kind <> 'started' or not exists (select from sluice.maintenance where left_at is null))
order by seq
limit $1
for update skip locked;
