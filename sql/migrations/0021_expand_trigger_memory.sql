-- 0021_expand_trigger_memory.sql: what an evaluation of a polling trigger leaves to the next one.

alter table sluice.triggers add column memory jsonb;
