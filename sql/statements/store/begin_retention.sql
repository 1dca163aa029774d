-- begin_retention: whoever gets this row does the next piece of the sweep; nobody else does meanwhile.
-- $1 every        interval  between the beginnings of two sweeps
-- -> reached text, new boolean: the sweep begins
update sluice.retention_sweep s
set begun_at = case when s.reached = '' then now() else s.begun_at end
where s.only_row = (
    select d.only_row
    from sluice.retention_sweep d
    where d.reached <> '' or d.begun_at <= now() - $1::interval
    for update skip locked)
returning s.reached, s.begun_at = now();
