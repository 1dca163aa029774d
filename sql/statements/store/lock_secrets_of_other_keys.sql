-- lock_secrets_of_other_keys: secrets that are to be sealed anew.
-- $1 key_id       text      the present key
-- -> namespace text, key text, sealed text
select namespace, key, sealed
from sluice.secrets
where key_id <> $1
order by namespace, key
for update;
