-- list_users: users by name, with their groups.
-- $1 after        text
-- $2 words        text    '': all
-- $3 most         bigint
-- -> username text, kind text, full_name text, disabled boolean, locked boolean, created_at timestamptz, last_login_at timestamptz, groups text[]
select u.username, u.kind, u.full_name, u.disabled, coalesce(u.locked_until > now(), false), u.created_at, u.last_login_at,
    array(select m.group_name from sluice.group_members m where m.username = u.username order by 1)
from sluice.users u
where u.username > $1 and ($2 = '' or strpos(lower(u.username || ' ' || coalesce(u.full_name, '')), lower($2)) > 0)
order by u.username
limit $3;
