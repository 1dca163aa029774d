-- count_executions: how many executions of a flow, or of a namespace and those below it.
-- $1 namespace    text
-- $2 flow_id      text         '': all of the namespace
-- $3 states       text[]       empty: all
-- $4 created_from timestamptz  null: since ever
-- $5 created_to   timestamptz  null: until now
-- -> count bigint
select count(*)
from sluice.executions
where (namespace = $1 or ($2 = '' and starts_with(namespace, $1 || '.')))
    and ($2 = '' or flow_id = $2)
    and (cardinality($3::text[]) = 0 or state = any ($3::text[]))
    and ($4::timestamptz is null or created_at >= $4)
    and ($5::timestamptz is null or created_at < $5);
