-- end_of_piece: where a piece of the executions ends that is looked at in one go.
-- $1 after        text
-- $2 most         bigint   this many executions
-- -> id text: of the last one; null: there are fewer
-- plan: executions_pkey
select id
from sluice.executions
where id > $1
order by id
offset $2 - 1
limit 1;
