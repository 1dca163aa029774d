-- 0063_expand_personal_texts.sql: what the page keeps for one person: unsaved texts of flows, and settings.

create table sluice.personal_texts (
    username   text        not null constraint personal_texts_username_fkey references sluice.users on delete cascade,
    kind       text        not null,                 -- drafts, settings
    name       text        not null,                 -- of the flow, or of the page
    content    text        not null,
    updated_at timestamptz not null default now(),
    constraint personal_texts_pkey primary key (username, kind, name)
);
