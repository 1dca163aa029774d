-- 0047_expand_flow_warnings_index.sql: what went wrong in a flow, without reading the lines of all its executions.
--
-- On the parent only, as in 0046: partitions get theirs one by one, concurrently (sluice.missing_history_indexes).
create index logs_flow_warnings_idx on only sluice.logs (namespace, flow_id, at, seq) where level >= 3;
