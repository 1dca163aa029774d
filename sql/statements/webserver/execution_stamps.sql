-- execution_stamps: for each execution that exists, a text that differs when there is something new to see: a step of the
-- engine, or a worker that took a task run.
-- $1 execution_ids text[]
-- -> id, stamp
-- plan: executions_pkey, claims_execution_idx
select e.id, concat_ws(' ', e.version, (select concat_ws(' ', count(*), max(c.claimed_at)) from sluice.claims c
                                        where c.execution_id = e.id))
from sluice.executions e
where e.id = any ($1::text[]);
