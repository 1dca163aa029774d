-- prune_fires: fates of dates that were decided long ago.
-- $1 age          interval
-- $2 most         bigint   at once
-- ->
-- plan: fires_decided_at_idx
delete from sluice.fires
where ctid = any (array(
    select ctid from sluice.fires where decided_at < now() - $1::interval order by decided_at limit $2));
