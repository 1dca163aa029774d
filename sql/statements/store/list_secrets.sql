-- list_secrets: names of secrets, never what they are.
-- $1 namespaces   text[]    null: all
-- -> namespace text, key text, description text, updated_at timestamptz, key_id text
select namespace, key, description, updated_at, key_id
from sluice.secrets
where $1::text[] is null or namespace = any ($1)
order by namespace, key
limit 10000;
