-- advance_counts: counts executions for boards, a piece at a time; not while a server of another version runs, which may change
-- executions without leaving marks.
-- $1 most         integer   buckets
-- $2 version      text      of this program
-- -> buckets that were counted; 0: all is done, or another process is at it
select case when not exists (select from sluice.services s
                             where s.state in ('RUNNING', 'DRAINING') and s.lease_until > now() and s.version <> $2)
            then sluice.advance_counts($1) else 0 end;
