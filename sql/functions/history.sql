-- The states that an execution or task run went through, as JSON, from the columns of its row.
create or replace function sluice.states(history text, state text, created_at timestamptz, started_at timestamptz,
    ended_at timestamptz) returns jsonb
language sql stable parallel safe as $$
    select case
        when history is null then
            jsonb_build_array(jsonb_build_object('state', 'CREATED', 'date', created_at))
            || case when started_at is null then '[]'::jsonb
                    else jsonb_build_array(jsonb_build_object('state', 'RUNNING', 'date', started_at)) end
            || case when ended_at is null then '[]'::jsonb
                    else jsonb_build_array(jsonb_build_object('state', state, 'date', ended_at)) end
        else (
            select jsonb_agg(jsonb_build_object('state', words[i], 'date', words[i + 1]::timestamptz) order by i)
            from (select string_to_array(history, ' ') as words) w,
                generate_series(1, array_length(words, 1), 2) as i)
    end
$$;
comment on function sluice.states(text, text, timestamptz, timestamptz, timestamptz) is
    'The states with their times, oldest first.';
