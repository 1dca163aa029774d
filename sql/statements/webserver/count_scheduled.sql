-- count_scheduled: how many triggers have a date to come.
-- -> count bigint
-- plan: triggers_next_at_idx, flows by its newest revision
select count(*)
from sluice.triggers t
where t.next_at is not null and not t.disabled and not t.polls
    -- Dates of a disabled flow are skipped.
    and not exists (select from sluice.flows f
                    where f.namespace = t.namespace and f.flow_id = t.flow_id and f.latest and f.disabled);
