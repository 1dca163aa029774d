-- list_groups: all groups, with their members.
-- -> group_name text, description text, members text[]
select g.group_name, g.description,
    array(select m.username from sluice.group_members m where m.group_name = g.group_name order by 1)
from sluice.groups g
order by g.group_name
limit 1000;
