-- 0020_expand_stored_files.sql: the files of executions in the database, for clusters without a common disk.

create table sluice.stored_contents (
    content_id   bigint      not null generated always as identity,
    touched_at   timestamptz not null default now(),     -- while it is being written
    published_at timestamptz,                            -- null: being written, or abandoned
    released_at  timestamptz,                            -- no file has it any more; who reads it may finish
    constraint stored_contents_pkey primary key (content_id)
);

create index stored_contents_released_idx on sluice.stored_contents (released_at) where released_at is not null;
create index stored_contents_unpublished_idx on sluice.stored_contents (touched_at) where published_at is null;

create table sluice.stored_chunks (
    content_id bigint  not null,
    number     integer not null,                         -- from 0; all but the last have 256 KiB
    bytes      bytea   not null,
    constraint stored_chunks_pkey primary key (content_id, number),
    constraint stored_chunks_content_id_fkey foreign key (content_id)
        references sluice.stored_contents (content_id) on delete cascade
);

-- Most of what is stored can't be compressed, or costs more time than space.
alter table sluice.stored_chunks alter column bytes set storage external;

create table sluice.stored_files (
    path        text collate "C" not null,               -- /company/team/…
    parent      text collate "C" not null,
    is_folder   boolean          not null,
    content_id  bigint,
    size_bytes  bigint           not null default 0,
    metadata    text             not null default '',
    created_at  timestamptz      not null default now(),
    modified_at timestamptz      not null default now(),
    constraint stored_files_pkey primary key (path),
    constraint stored_files_folders_have_no_content check (is_folder = (content_id is null)),
    constraint stored_files_content_id_fkey foreign key (content_id) references sluice.stored_contents (content_id)
);

create index stored_files_parent_idx on sluice.stored_files (parent, path);
create index stored_files_content_id_idx on sluice.stored_files (content_id) where content_id is not null;
