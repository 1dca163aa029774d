-- delete_personal_text: forgets one.
-- $1 username, $2 kind, $3 name
-- -> nothing when there was none
delete from sluice.personal_texts
where username = $1 and kind = $2 and name = $3
returning name;
