-- next_trigger: how long until the next date comes, in microseconds; 0 too when a date is to be computed.
-- -> wait bigint; null: nothing has a date
-- plan: triggers_unplanned_idx, triggers_next_at_idx
select case
    when exists (select from sluice.triggers where not planned) then 0
    else (select greatest(0, extract(epoch from next_at - clock_timestamp()) * 1000000)::bigint
          from sluice.triggers
          where next_at is not null and not disabled and execution_id is null and not polls
          order by next_at
          limit 1)
    end;
