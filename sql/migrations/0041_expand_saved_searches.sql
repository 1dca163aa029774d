-- 0041_expand_saved_searches.sql: filters of lists that people keep under a name.

create table sluice.saved_searches (
    owner      text        not null,                 -- a user; empty where nobody is asked who he is
    page       text        not null,                 -- executions, taskruns, logs, flows, triggers
    name       text        not null,
    query      text        not null,                 -- as it stands in the page's address
    shared     boolean     not null default false,   -- others see it too
    updated_at timestamptz not null default now(),
    constraint saved_searches_pkey primary key (page, owner, name)
);
