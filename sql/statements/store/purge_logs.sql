-- purge_logs: removes log lines.
-- $1 namespace    text         '': all; else this one and those below it
-- $2 flow_id      text         '': all
-- $3 execution_id text         '': all
-- $4 levels       int[]        empty: all
-- $5 from         timestamptz  null: since ever
-- $6 to           timestamptz  null: until now
-- ->
delete from sluice.logs
where ($1 = '' or namespace = $1 or ($2 = '' and starts_with(namespace, $1 || '.')))
    and ($2 = '' or flow_id = $2)
    and ($3 = '' or execution_id = $3)
    and (cardinality($4::int[]) = 0 or level = any ($4::int[]))
    and ($5::timestamptz is null or at >= $5)
    and ($6::timestamptz is null or at < $6);
