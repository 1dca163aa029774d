-- blame_event: an event made its transaction fail once more.
-- $1 seq          bigint
-- -> failures integer
update sluice.execution_events
set failures = failures + 1
where seq = $1
returning failures;
