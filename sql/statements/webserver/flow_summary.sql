-- flow_summary: how many flows and triggers there are.
-- $1 namespace    text      this one and those below; null: all
-- -> flows, triggers
select (select count(*) from sluice.flows f
        where f.latest and not f.deleted and ($1::text is null or f.namespace = $1 or starts_with(f.namespace, $1 || '.'))),
    (select count(*) from sluice.triggers t
     where $1::text is null or t.namespace = $1 or starts_with(t.namespace, $1 || '.'));
