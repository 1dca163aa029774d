-- retry_parked: a parked event goes back into its queue.
-- $1 id           bigint
-- -> seq bigint of the event; null: there is none of this id
select sluice.retry_parked($1);
