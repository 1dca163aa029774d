-- due_sweeps: which invariants it is time to look at; asked often, and mostly none.
-- $1 invariants   text[]
-- $2 every        interval  between two sweeps; a sweep in pieces goes on sooner
-- -> invariant text
select n.name
from unnest($1::text[]) with ordinality as n(name, place)
left join sluice.repairs r on r.invariant = n.name
where r.invariant is null or r.swept_at <= now() - case when r.cursor = '' then $2::interval else $2::interval / 12 end
order by n.place;
