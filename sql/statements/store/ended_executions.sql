-- ended_executions: executions that are over, in the order of their ids.
-- $1 namespace    text         '': all; else this one and those below it
-- $2 flow_id      text         '': all
-- $3 states       text[]       empty: all that are over
-- $4 created_from timestamptz  null: since ever
-- $5 created_to   timestamptz  null: until now
-- $6 after        text         the last id that was seen; '': from the beginning
-- $7 most         bigint
-- -> id text
select id
from sluice.executions
where ($1 = '' or namespace = $1 or ($2 = '' and starts_with(namespace, $1 || '.')))
    and ($2 = '' or flow_id = $2)
    and state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED')
    and (cardinality($3::text[]) = 0 or state = any ($3::text[]))
    and ($4::timestamptz is null or created_at >= $4)
    and ($5::timestamptz is null or created_at < $5)
    and id > $6
order by id
limit $7;
