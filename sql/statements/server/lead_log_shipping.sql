-- lead_log_shipping: one process at a time ships to a receiver; it begins with the lines that come after the first call.
-- $1 receiver     text
-- $2 service_id   text
-- $3 lease        interval  silence after which another one takes over
-- -> shipped_seq, drawn_seq bigint (the highest number that was drawn), xmax, xmin bigint (transactions: this one, than
--    which all that have drawn a number have lower ids; the oldest that runs); nothing: another one does it
insert into sluice.log_shipping as s (receiver, service_id, lease_until, shipped_seq)
select $1, $2, now() + $3::interval, case when is_called then last_value else last_value - 1 end
from sluice.logs_seq
on conflict (receiver) do update
set service_id = excluded.service_id, lease_until = excluded.lease_until
where s.service_id = excluded.service_id or s.lease_until < now()
returning s.shipped_seq, (select case when is_called then last_value else last_value - 1 end from sluice.logs_seq),
    -- Not the snapshot's xmax: transactions that run now may have higher ids than that.
    pg_current_xact_id()::text::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
