-- note_over_age: notes whose files are to be removed: executions over age, which this very transaction purges. What somebody
-- else has locked is left for the next time.
-- $1 after        text
-- $2 upto         text
-- $3 base         interval  of executions that no rule is about; null: for ever
-- $4 age          interval  instead of all rules but "for ever"; null: the rules
-- $5 namespace    text      null: all
-- $6 states       text[]    null: all
-- $7 most         bigint
-- -> execution_id text
with doomed as materialized (
    select o.id from sluice.over_age($1, $2, $3, $4, $5, $6) o order by o.id limit $7
), held as materialized (
    select e.id, e.namespace, e.flow_id
    from sluice.executions e
    where e.id = any (array(select d.id from doomed d)) and sluice.is_over(e.state)
    for update skip locked
)
insert into sluice.purged_executions (execution_id, namespace, flow_id)
select h.id, h.namespace, h.flow_id
from held h
on conflict (execution_id) do update set flow_id = excluded.flow_id
returning execution_id;
