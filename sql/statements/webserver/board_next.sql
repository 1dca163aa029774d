-- board_next: what fires next.
-- $1 namespace    text      this one and those below; null: all
-- $2 flow_id      text      null: all
-- $3 most         bigint
-- -> namespace, flow_id, trigger_id, next_at
-- plan: triggers_next_at_idx, flows by its newest revision
select t.namespace, t.flow_id, t.trigger_id, t.next_at
from sluice.triggers t
where t.next_at > now() and not t.disabled and not t.polls
    and ($1::text is null or t.namespace = $1 or starts_with(t.namespace, $1 || '.'))
    and ($2::text is null or t.flow_id = $2)
    -- Dates of a disabled flow are skipped.
    and not exists (select from sluice.flows f
                    where f.namespace = t.namespace and f.flow_id = t.flow_id and f.latest and f.disabled)
order by t.next_at
limit $3;
