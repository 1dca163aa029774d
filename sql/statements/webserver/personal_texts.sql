-- personal_texts: what is kept for a user, the newest first; with its text when one of them is asked for.
-- $1 username     text
-- $2 kind         text      drafts, settings
-- $3 name         text      null: all, without their texts
-- -> name, updated_at, content
-- plan: personal_texts_pkey
select name, updated_at, case when $3::text is not null then content else '' end
from sluice.personal_texts
where username = $1 and kind = $2 and ($3::text is null or name = $3)
order by updated_at desc
limit 500;
