-- 0015_expand_plugin_types.sql: types of plugins, as the workers that have them publish them.

create table sluice.plugin_types (
    type         text        collate "C" not null,       -- in full: com.example.Hello
    hash         text        not null,                   -- of the document: who has another one reads it anew
    document     jsonb       not null,                   -- title, properties, outputs …: what flows are checked with
    published_by text        not null,                   -- the service that wrote it last
    published_at timestamptz not null default now(),
    constraint plugin_types_pkey primary key (type)
);

create table sluice.plugin_workers (
    service_id text collate "C" not null,
    type       text collate "C" not null,
    hash       text not null,                            -- of the document that this worker has
    constraint plugin_workers_pkey primary key (service_id, type),
    constraint plugin_workers_service_id_fkey foreign key (service_id) references sluice.services on delete cascade
);

create index plugin_workers_type_idx on sluice.plugin_workers (type);
