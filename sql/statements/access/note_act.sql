-- note_act: a row of the audit for what no trigger sees; the act is the actor's.
-- $1 resource     text
-- $2 namespace    text
-- $3 subject      text
-- ->
select sluice.note(null, $1, $2, $3);
