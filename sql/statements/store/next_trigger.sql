-- next_trigger: how long until the next date comes, in microseconds; 0 too when a date is to be computed.
-- -> wait bigint; null: nothing has a date, or nothing is to fire
--    maintenance boolean
-- plan: triggers_unplanned_idx, triggers_next_at_idx
-- Ordered by the index's columns: after many new triggers, and before the next analyze, a mere "exists" reads the table.
select case
    when exists (select from sluice.maintenance where left_at is null) then null
    when (select true from sluice.triggers where not planned order by namespace, flow_id, trigger_id limit 1) then 0
    else (select greatest(0, extract(epoch from next_at - clock_timestamp()) * 1000000)::bigint
          from sluice.triggers
          where next_at is not null and not disabled and execution_id is null and not polls
          order by next_at
          limit 1)
    end, exists (select from sluice.maintenance where left_at is null);
