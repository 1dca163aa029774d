-- Ids in SQL, the same that the servers make: base62 of a UUIDv7 in 22 characters, sorting by time in the "C" collation.

create or replace function sluice.base62(number numeric) returns text
language plpgsql immutable strict parallel safe as $$
declare
    digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    rest numeric := number;
    result text := '';
begin
    for i in 1..22 loop
        result := substr(digits, (rest % 62)::integer + 1, 1) || result;
        rest := div(rest, 62);
    end loop;
    return result;
end $$;
comment on function sluice.base62(numeric) is 'The 22 base62 digits of a number below 2^128.';

create or replace function sluice.lowest_id(at timestamptz) returns text
language sql immutable strict parallel safe as $$
    select sluice.base62(trunc(extract(epoch from at) * 1000) * 1208925819614629174706176)  -- 2^80
$$;
comment on function sluice.lowest_id(timestamptz) is 'The lowest id of an instant: executions since 10 o''clock are those with id >= lowest_id(''today 10:00'').';

create or replace function sluice.new_id() returns text
language sql volatile parallel safe as $$
    -- 48 bits of milliseconds, version 7 and 12 random bits, variant 2 and 62 random bits
    select sluice.base62(
        (trunc(extract(epoch from clock_timestamp()) * 1000) * 65536 + 28672 + floor(random() * 4096)::numeric)
            * 18446744073709551616
        + 9223372036854775808 + floor(random() * 2147483648)::numeric * 2147483648 + floor(random() * 2147483648)::numeric)
$$;
comment on function sluice.new_id() is 'A new id for an execution.';
