-- drop_retention: removes such a rule.
-- $1 namespace    text
-- $2 state        text
-- -> boolean: there was one
select sluice.drop_retention($1, $2);
