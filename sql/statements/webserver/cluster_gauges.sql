-- cluster_gauges: numbers of the whole cluster for monitoring, from small tables and statistics only.
-- -> name, label, value (in seconds where it is a time)
select 'queue_depth', trim(q.queue || ' ' || q.worker_group), q.depth::float8
from sluice.queue_depth q
union all
select 'queue_oldest_seconds', trim(q.queue || ' ' || q.worker_group), coalesce(extract(epoch from q.oldest), 0)::float8
from sluice.queue_depth q
union all
select 'services', s.state, count(*)::float8
from sluice.service_overview s
group by s.state
union all
select 'worker_slots', s.worker_group, sum(s.slots)::float8
from sluice.services s
where s.state = 'RUNNING' and s.lease_until > now()
group by s.worker_group
union all
select 'leader_epoch', l.role, l.epoch::float8
from sluice.leadership l
union all
select 'triggers', case when t.disabled then 'disabled' else 'enabled' end, count(*)::float8
from sluice.triggers t
group by 2
union all
select 'trigger_lag_seconds', '', coalesce(extract(epoch from now() - min(t.next_at)), 0)::float8
from sluice.triggers t
where t.next_at < now() and not t.disabled and t.execution_id is null and not sluice.in_maintenance()
union all
select 'flows', '', count(*)::float8
from sluice.flows f
where f.latest and not f.deleted
union all
select 'refused_results', '', count(*)::float8
from sluice.refused_results
union all
select 'refused_reports', r.kind, coalesce(sum(r.count), 0)::float8
from sluice.service_overview s,
    lateral (values ('results', s.refused_results), ('lines', s.refused_lines), ('metrics', s.refused_metrics),
        ('beats', s.refused_beats)) as r(kind, count)
group by r.kind
union all
select 'spooled_bytes', '', coalesce(sum(s.spooled_bytes), 0)::float8
from sluice.service_overview s
where s.state in ('RUNNING', 'DRAINING', 'DISCONNECTED')
union all
select 'repairs_total', r.invariant, r.repaired::float8
from sluice.repairs r
union all
select 'partition_runway_seconds', '', extract(epoch from sluice.partition_runway())::float8
union all
select 'maintenance', '', case when sluice.in_maintenance() then 1 else 0 end::float8
union all
select 'kill_switches', '', count(*)::float8
from sluice.kill_switches
union all
select 'purged_executions_total', '', s.executions::float8
from sluice.retention_sweep s
union all
select 'dead_rows', u.relname, u.n_dead_tup::float8
from pg_stat_user_tables u
where u.schemaname = 'sluice' and u.relname in ('execution_events', 'jobs', 'claims', 'timers', 'services', 'triggers')
union all
select 'vacuum_age_seconds', u.relname,
    extract(epoch from now() - greatest(u.last_vacuum, u.last_autovacuum))::float8
from pg_stat_user_tables u
where u.schemaname = 'sluice' and u.relname in ('execution_events', 'jobs', 'claims', 'timers', 'services', 'triggers')
    and greatest(u.last_vacuum, u.last_autovacuum) is not null
union all
select 'log_shipping_lag_seconds', s.receiver, extract(epoch from now() - s.caught_up_at)::float8
from sluice.log_shipping s
union all
select 'log_shipping_lag_lines', s.receiver, greatest((select case when is_called then last_value else 0 end from sluice.logs_seq) - s.shipped_seq, 0)::float8
from sluice.log_shipping s
union all
select 'log_shipping_lines_total', s.receiver, s.lines::float8
from sluice.log_shipping s
union all
select 'log_shipping_failures_total', s.receiver, s.failures::float8
from sluice.log_shipping s
union all
select 'log_shipping_refused_lines_total', s.receiver, s.refused::float8
from sluice.log_shipping s;
