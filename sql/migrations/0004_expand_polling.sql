-- 0004_expand_polling.sql: triggers that workers evaluate, each for as long as the worker's lease holds.

alter table sluice.triggers add column polls boolean not null default false;

create index triggers_polls_idx on sluice.triggers (next_at) where polls and next_at is not null and not disabled;
