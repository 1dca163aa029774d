-- board_troubled: triggers whose last evaluation failed, or that switched themselves off.
-- $1 namespace    text      this one and those below; null: all
-- $2 flow_id      text      null: all
-- $3 most         bigint
-- -> namespace, flow_id, trigger_id, disabled, reason, since
-- plan: triggers_troubled_idx
select t.namespace, t.flow_id, t.trigger_id, t.disabled, left(coalesce(t.error, t.disabled_by), 500),
    coalesce(t.disabled_at, t.updated_at)
from sluice.triggers t
where (t.error is not null or t.disabled_by like 'stopAfter:%')
    and ($1::text is null or t.namespace = $1 or starts_with(t.namespace, $1 || '.'))
    and ($2::text is null or t.flow_id = $2)
order by 6 desc
limit $3;
