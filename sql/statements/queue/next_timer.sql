-- next_timer: how long until the next timer is due.
-- -> interval in seconds, double precision; null: there is none
select extract(epoch from min(due_at) - now())::double precision
from sluice.timers;
