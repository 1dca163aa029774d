-- take_slot: a slot of a flow's concurrency for an execution. lock_slots must come before, in the same transaction.
-- $1 namespace    text
-- $2 flow_id      text
-- $3 execution_id text
-- $4 slots        integer  how many there are
-- -> execution_id text, when it got one
insert into sluice.concurrency_slots (namespace, flow_id, execution_id)
select $1, $2, $3
where (select count(*) from sluice.concurrency_slots where namespace = $1 and flow_id = $2) < $4
on conflict do nothing
returning execution_id;
