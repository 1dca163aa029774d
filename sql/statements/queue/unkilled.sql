-- unkilled: lets executions end that are under a kill switch and go on all the same: they began while it was being set.
-- -> execution_id text
insert into sluice.execution_events (execution_id, kind, payload)
select u, 'kill_requested', '{"cascade": true, "by": "kill switch"}'
from sluice.unkilled() u
where exists (select from sluice.kill_switches)
returning execution_id;
