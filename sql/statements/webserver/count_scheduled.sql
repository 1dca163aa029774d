-- count_scheduled: how many triggers have a date to come.
-- -> count bigint
-- plan: triggers_next_at_idx
select count(*) from sluice.triggers t where t.next_at is not null and not t.disabled and not t.polls;
