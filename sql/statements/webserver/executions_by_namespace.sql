-- executions_by_namespace: executions by exactly their namespace, and state, of those asked for in [$1, $2].
-- $1 from         timestamptz
-- $2 until        timestamptz
-- $3 namespace    text      this one and those below; null: all
-- $4 states       text[]    null: all
-- -> namespace, state, count
select c.namespace, c.state, sum(c.executions)::bigint
from sluice.namespaces_counted($1, $2::timestamptz + interval '1 millisecond', $3, $4) c
group by c.namespace, c.state;
