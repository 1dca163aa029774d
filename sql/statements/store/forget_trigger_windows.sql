-- forget_trigger_windows: windows that ended without being complete.
-- ->
delete from sluice.trigger_windows where ends_at < now();
