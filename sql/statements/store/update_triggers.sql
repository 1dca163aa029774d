-- update_triggers: what the scheduler decided, by compare-and-set on the date that it decided about: a row that was
-- changed meanwhile keeps what it has. What holds it goes on holding it when its dates are worked out anew.
-- $1.. arrays of equal length: namespace, flow_id, trigger_id, expected_next_at, next_at, last_at, backfill,
--      execution_id, error, upcoming (text of an array; null: as it is)
-- -> namespace, flow_id, trigger_id of the rows that were changed
update sluice.triggers t
set planned = true, resumed = false, next_at = u.next_at, last_at = u.last_at, backfill = u.backfill::jsonb,
    execution_id = coalesce(u.execution_id, t.execution_id), error = u.error,
    upcoming = coalesce(u.upcoming::timestamptz[], t.upcoming), updated_at = now()
from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::text[],
            $8::text[], $9::text[], $10::text[])
     as u(namespace, flow_id, trigger_id, expected_next_at, next_at, last_at, backfill, execution_id, error, upcoming)
where t.namespace = u.namespace and t.flow_id = u.flow_id and t.trigger_id = u.trigger_id
  and t.next_at is not distinct from u.expected_next_at
returning t.namespace, t.flow_id, t.trigger_id;
