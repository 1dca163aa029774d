-- logs_shipped: the receiver has taken all lines up to a number.
-- $1 receiver     text
-- $2 service_id   text
-- $3 seq          bigint
-- $4 lines        bigint
-- $5 refused      bigint
-- $6 caught_up    boolean   nothing waits any more
-- -> 1; nothing: another one ships meanwhile
update sluice.log_shipping
set shipped_seq = greatest(shipped_seq, $3), lines = lines + $4, refused = refused + $5, error = null,
    caught_up_at = case when $6 then now() else caught_up_at end
where receiver = $1 and service_id = $2
returning 1;
