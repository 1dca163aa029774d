-- update_triggers: what the scheduler decided, by compare-and-set on the date that it decided about: a row that was
-- changed meanwhile keeps what it has.
-- $1.. arrays of equal length: namespace, flow_id, trigger_id, expected_next_at, next_at, last_at, backfill,
--      execution_id, error
-- -> namespace, flow_id, trigger_id of the rows that were changed
update sluice.triggers t
set planned = true, next_at = u.next_at, last_at = u.last_at, backfill = u.backfill::jsonb,
    execution_id = u.execution_id, error = u.error, updated_at = now()
from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::text[],
            $8::text[], $9::text[])
     as u(namespace, flow_id, trigger_id, expected_next_at, next_at, last_at, backfill, execution_id, error)
where t.namespace = u.namespace and t.flow_id = u.flow_id and t.trigger_id = u.trigger_id
  and t.next_at is not distinct from u.expected_next_at
returning t.namespace, t.flow_id, t.trigger_id;
