-- put_personal_text: keeps a user's text in place of the one of that name. What he has not touched for 90 days goes, and of
-- the rest all but the newest 200.
-- $1 username, $2 kind, $3 name, $4 content
-- ->
with kept as (
    select name
    from sluice.personal_texts
    where username = $1 and kind = $2 and name <> $3
    order by updated_at desc
    limit 199
), removed as (
    delete from sluice.personal_texts
    where username = $1 and kind = $2 and name <> $3
        and (updated_at < now() - interval '90 days' or name not in (select name from kept))
)
insert into sluice.personal_texts (username, kind, name, content)
values ($1, $2, $3, $4)
on conflict on constraint personal_texts_pkey do update
set content = excluded.content, updated_at = now();
