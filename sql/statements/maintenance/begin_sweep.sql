-- begin_sweep: whoever gets this row sweeps an invariant; nobody else does until some time has passed. A sweep in pieces
-- goes on sooner than the next one begins. An invariant without a row gets one, and is swept the next time.
-- $1 invariant    text
-- $2 every        interval
-- -> cursor text: the last id that was looked at; '': from the beginning; and a setting
-- Queues are empty at one time and long at another: in this transaction, a plan that was kept from then would be a disaster.
with known as (
    insert into sluice.repairs (invariant)
    values ($1)
    on conflict do nothing
)
update sluice.repairs r
set swept_at = now()
where r.invariant = (
    select d.invariant
    from sluice.repairs d
    where d.invariant = $1 and d.swept_at <= now() - case when d.cursor = '' then $2::interval else $2::interval / 12 end
    for update skip locked)
returning r.cursor, pg_catalog.set_config('plan_cache_mode', 'force_custom_plan', true);
