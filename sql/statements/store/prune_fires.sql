-- prune_fires: what became of dates that were decided longer ago than is kept, some at a time. The newest fate of a trigger,
-- and of each backfill, stays: it tells what it did last.
-- $1 keep         interval
-- $2 most         bigint
-- ->
-- plan: fires_decided_at_idx, fires_pkey
delete from sluice.fires
where ctid = any (array(
    select f.ctid
    from sluice.fires f
    where f.decided_at < now() - $1::interval
        and exists (select from sluice.fires n
                    where n.namespace = f.namespace and n.flow_id = f.flow_id and n.trigger_id = f.trigger_id
                        and n.run = f.run and n.scheduled_at > f.scheduled_at)
    order by f.decided_at
    limit $2
    for update skip locked));
