-- count_by_state: how many executions there are, mostly from what is counted already; of the hour that $1 lies in, from the rows.
-- $1 from         timestamptz
-- $2 namespace    text      this one and those below, with a flow exactly this one; null: all
-- $3 flow_id      text      null: all
-- $4 states       text[]    null: all
-- -> count
with whole_hours as (
    select date_trunc('hour', $1::timestamptz + interval '1 hour' - interval '1 microsecond', 'UTC') as starts_at
)
select (
    select coalesce(sum(c.executions), 0)::bigint
    from whole_hours h, sluice.executions_counted(h.starts_at, now() + interval '1 hour', $2, $3, $4, false, null, 'day') c
) + (
    select count(*)
    from sluice.executions e
    where e.id >= sluice.lowest_id($1) and e.id < (select sluice.lowest_id(h.starts_at) from whole_hours h) and e.kind is null
        and ($2::text is null or e.namespace = $2 or ($3::text is null and starts_with(e.namespace, $2 || '.')))
        and ($3::text is null or e.flow_id = $3)
        and ($4::text[] is null or e.state = any ($4))
);
