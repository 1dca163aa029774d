-- count_claims: how many task runs workers have at this moment.
-- -> count bigint
select count(*) from sluice.claims;
