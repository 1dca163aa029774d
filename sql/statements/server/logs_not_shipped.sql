-- logs_not_shipped: the receiver has not taken them.
-- $1 receiver     text
-- $2 service_id   text
-- $3 error        text
-- ->
update sluice.log_shipping
set failures = failures + 1, error = $3
where receiver = $1 and service_id = $2;
