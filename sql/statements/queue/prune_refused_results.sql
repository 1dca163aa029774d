-- prune_refused_results: results that came too late, longer ago than is kept, some at a time.
-- $1 keep         interval
-- $2 most         bigint
-- ->
-- plan: refused_results_pkey
delete from sluice.refused_results
where id in (
    select r.id
    from (select id, refused_at from sluice.refused_results order by id limit $2) r
    where r.refused_at < now() - $1::interval);
