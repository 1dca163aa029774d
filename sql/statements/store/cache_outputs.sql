-- cache_outputs: keeps what a task with a taskCache put out.
-- $1 key      text
-- $2 outputs  jsonb
-- $3 ttl      interval  null: for ever
-- ->
-- plan: task_cache_pkey
insert into sluice.task_cache (key, outputs, expires_at) values ($1, $2, now() + $3)
on conflict (key) do update
set outputs = excluded.outputs, created_at = excluded.created_at, expires_at = excluded.expires_at;
