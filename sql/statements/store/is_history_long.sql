-- is_history_long: whether counting rows of the history may rightly take a while.
-- -> boolean
-- plan: pg_class_relname_nsp_index; sizes of files
select coalesce(sum(pg_relation_size(c.oid)), 0) > 256 * 1024 * 1024
from pg_class c
where c.relnamespace = 'sluice'::regnamespace and c.relkind = 'r' and c.relname ~ '^(executions|task_runs|logs|metrics)_';
