-- scan_logs: the next lines of an execution without their texts, and whether these have some words; colours aside.
-- $1 execution_id text
-- $2 after_seq    bigint    0: from the first
-- $3 most         bigint
-- $4 words        text      small letters and capitals are the same; null: none are looked for
-- -> seq, level, task_id, task_run_id, attempt, found boolean
-- plan: logs_pkey
select seq, level, task_id, task_run_id, attempt,
    $4::text is not null and position(lower($4) in lower(case
        when position(chr(27) in message) > 0 then regexp_replace(message, chr(27) || '\[[0-9;]*[A-Za-z]', '', 'g')
        else message
    end)) > 0
from sluice.logs
where execution_id = $1 and seq > $2
order by seq
limit $3;
