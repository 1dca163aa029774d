-- stuck: what does not go on by itself, the oldest first. Overdue triggers are asked for apart.
-- $1 most         bigint
-- -> what, id, why, since
select s.what, s.id, s.why, s.since
from sluice.stuck s
where s.what <> 'overdue trigger'
order by s.since
limit $1;
