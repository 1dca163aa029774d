-- delete_execution: the row of one execution.
-- $1 id           text
-- ->
-- plan: executions_pkey
with gone as (
    delete from sluice.executions where id = $1 returning id
)
insert into sluice.recounts (prefix)
select left(id, 6) from gone where id < (select sluice.recount_below());
