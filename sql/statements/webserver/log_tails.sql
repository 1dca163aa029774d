-- log_tails: for each stream of log lines, how many there are between its floor and its cursor, and whether there are
-- more behind it.
-- $1 execution_ids text[]
-- $2 floors        bigint[]
-- $3 cursors       bigint[]
-- -> between, more; in the order of the arrays
-- plan: logs_pkey of one partition for each
select (select count(*) from sluice.logs l where l.execution_id = t.execution_id and l.seq > t.floor and l.seq <= t.cursor),
    exists (select from sluice.logs l where l.execution_id = t.execution_id and l.seq > t.cursor)
from unnest($1::text[], $2::bigint[], $3::bigint[]) with ordinality as t(execution_id, floor, cursor, n)
order by t.n;
