-- 0050_expand_access.sql: roles, groups, tokens, the audit, secrets. Old servers keep working: to them every user is what
-- he was; new ones find every user of before with the role admin, which is what he had.

alter table sluice.users
    add column kind          text        not null default 'PERSON',
    add column full_name     text,
    add column disabled      boolean     not null default false,
    add column failed_logins integer     not null default 0,     -- since the last right password
    add column locked_until  timestamptz,
    add column last_login_at timestamptz,
    add constraint users_kind_is_known check (kind in ('PERSON', 'SERVICE'));
create index sessions_username_idx on sluice.sessions (username);

create table sluice.roles (
    role         text        not null,
    description  text,
    capabilities text[]      not null,                   -- 'FLOW:READ', 'FLOW:*', '*:READ', '*:*'
    builtin      boolean     not null default false,     -- the program says what it may
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint roles_pkey primary key (role)
);

create table sluice.groups (
    group_name  text        not null,
    description text,
    created_at  timestamptz not null default now(),
    constraint groups_pkey primary key (group_name)
);

create table sluice.group_members (
    group_name text not null constraint group_members_group_fkey references sluice.groups on delete cascade,
    username   text not null constraint group_members_username_fkey references sluice.users on delete cascade,
    constraint group_members_pkey primary key (group_name, username)
);
create index group_members_username_idx on sluice.group_members (username);

create table sluice.role_bindings (
    binding_id bigint      not null generated always as identity,
    username   text        constraint role_bindings_username_fkey references sluice.users on delete cascade,
    group_name text        constraint role_bindings_group_fkey references sluice.groups on delete cascade,
    role       text        not null constraint role_bindings_role_fkey references sluice.roles,
    namespace  text        not null default '',          -- with those below it; '': everywhere
    created_at timestamptz not null default now(),
    constraint role_bindings_pkey primary key (binding_id),
    constraint role_bindings_key unique (username, group_name, role, namespace),
    constraint role_bindings_has_one_subject check (num_nonnulls(username, group_name) = 1)
);
create index role_bindings_group_idx on sluice.role_bindings (group_name) where group_name is not null;

create table sluice.api_tokens (
    token_id     bigint      not null generated always as identity,
    username     text        not null constraint api_tokens_username_fkey references sluice.users on delete cascade,
    name         text        not null,
    token_hash   text        not null,                   -- SHA-256: 256 random bits need no slow hash
    beginning    text        not null,                   -- of the token, so that people tell theirs apart
    role         text        constraint api_tokens_role_fkey references sluice.roles,  -- no more than this; null: all of the user's
    namespace    text        not null default '',
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    constraint api_tokens_pkey primary key (token_id),
    constraint api_tokens_hash_key unique (token_hash),
    constraint api_tokens_name_key unique (username, name)
);

create table sluice.audit_log (
    seq       bigint      not null generated always as identity,
    at        timestamptz not null default now(),
    actor     text        not null,                      -- a user, or the database's role where it was SQL
    via       text        not null,
    remote    text,                                      -- address of the client
    act       text        not null,                      -- CREATE, UPDATE, DELETE; KILL, RESTART, …
    resource  text        not null,
    namespace text,
    subject   text        not null,
    before    jsonb,                                     -- what was changed, as it was
    after     jsonb,
    constraint audit_log_pkey primary key (seq),
    constraint audit_log_via_is_known check (via in ('PAGE', 'API', 'CLI', 'SQL'))
);
create index audit_log_subject_idx on sluice.audit_log (resource, namespace, subject, seq);
create index audit_log_actor_idx on sluice.audit_log (actor, seq);
create index audit_log_at_idx on sluice.audit_log using brin (at);

create table sluice.secrets (
    namespace   text        not null,
    key         text        not null,
    sealed      text        not null,                    -- AES-256-GCM
    key_id      text        not null,                    -- which key sealed it: the beginning of its SHA-256
    description text,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    constraint secrets_pkey primary key (namespace, key)
);

insert into sluice.roles (role, description, capabilities, builtin)
values ('admin', 'Everything', '{*:*}', true);
insert into sluice.role_bindings (username, role)
select username, 'admin' from sluice.users;

-- The bodies of these two come with functions/audit.sql, in the same migration.
create function sluice.note_change() returns trigger language plpgsql as $$ begin return null; end $$;
create function sluice.tell_access() returns trigger language plpgsql as $$ begin return null; end $$;

-- (resource, columns of the subject, columns that stay out of the rows)
create trigger flows_audit after insert on sluice.flows for each row
    execute function sluice.note_change('FLOW', 'flow_id', 'source,definition,latest,created_at,created_by,problem,labels');
create trigger kv_audit after insert or update or delete on sluice.kv for each row
    execute function sluice.note_change('KV', 'key', 'value,created_at,updated_at');
create trigger secrets_audit after insert or update or delete on sluice.secrets for each row
    execute function sluice.note_change('SECRET', 'key', 'sealed,created_at');
create trigger users_audit after insert or delete on sluice.users for each row
    execute function sluice.note_change('USER', 'username', 'password_hash,failed_logins,locked_until,last_login_at,created_at,updated_at');
create trigger users_change_audit after update of password_hash, disabled, full_name, kind on sluice.users for each row
    execute function sluice.note_change('USER', 'username', 'failed_logins,locked_until,last_login_at,created_at,updated_at');
create trigger roles_audit after insert or update or delete on sluice.roles for each row
    execute function sluice.note_change('ROLE', 'role', 'created_at,updated_at');
create trigger groups_audit after insert or update or delete on sluice.groups for each row
    execute function sluice.note_change('GROUP', 'group_name', 'created_at');
create trigger group_members_audit after insert or delete on sluice.group_members for each row
    execute function sluice.note_change('GROUP', 'group_name', '');
create trigger role_bindings_audit after insert or update or delete on sluice.role_bindings for each row
    execute function sluice.note_change('BINDING', 'role', 'created_at');
create trigger api_tokens_audit after insert or delete on sluice.api_tokens for each row
    execute function sluice.note_change('TOKEN', 'username', 'token_hash,created_at,last_used_at');
create trigger triggers_switch_audit after update of disabled on sluice.triggers for each row
    when (old.disabled is distinct from new.disabled)
    execute function sluice.note_change('TRIGGER', 'flow_id,trigger_id', '*disabled');
create trigger triggers_backfill_audit after update of backfill on sluice.triggers for each row
    when ((old.backfill is null) <> (new.backfill is null) or old.backfill -> 'paused' is distinct from new.backfill -> 'paused')
    execute function sluice.note_change('TRIGGER', 'flow_id,trigger_id', '*backfill');

-- What any of these change is known to all web servers at once.
create trigger users_tell after update of password_hash, disabled or delete on sluice.users for each row
    execute function sluice.tell_access();
create trigger roles_tell after update or delete on sluice.roles for each row execute function sluice.tell_access();
create trigger group_members_tell after insert or delete on sluice.group_members for each row
    execute function sluice.tell_access();
create trigger role_bindings_tell after insert or update or delete on sluice.role_bindings for each row
    execute function sluice.tell_access();
create trigger api_tokens_tell after delete on sluice.api_tokens for each row execute function sluice.tell_access();
create trigger sessions_tell after delete on sluice.sessions for each row execute function sluice.tell_access();
