-- park_event: puts an event aside that can't be applied, with its error, so that it is in nobody's way.
-- $1 seq          bigint
-- $2 error        text
-- -> id bigint
with gone as (
    delete from sluice.execution_events
    where seq = $1
    returning *
)
insert into sluice.parked_events (queue, execution_id, content, error)
select 'execution_events', execution_id, to_jsonb(gone), $2
from gone
returning id;
