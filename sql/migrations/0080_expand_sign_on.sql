-- 0080_expand_sign_on.sql: users whom an OpenID provider vouches for. Old servers keep working: such users have a password
-- that nothing matches, and sessions like all others.

alter table sluice.users
    add column issuer  text,                             -- the provider, and
    add column subject text,                             -- what it calls the user for ever; null: nobody logs in so
    add constraint users_issuer_comes_with_subject check ((issuer is null) = (subject is null));
create unique index users_subject_key on sluice.users (issuer, subject) where subject is not null;

alter table sluice.sessions
    add column by_provider boolean not null default false;  -- so it may be ended there, too

-- Who is taken for whom is worth a row of the audit.
drop trigger users_change_audit on sluice.users;
create trigger users_change_audit after update of password_hash, disabled, full_name, kind, issuer, subject on sluice.users
    for each row
    execute function sluice.note_change('USER', 'username', 'failed_logins,locked_until,last_login_at,created_at,updated_at');
