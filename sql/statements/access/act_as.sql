-- act_as: who acts in the rest of this transaction, for the audit.
-- $1 username     text
-- -> actor text
select set_config('sluice.actor', $1, true);
