-- 0091_expand_people_roles.sql: roles of people with psql, so that migrations pass their rights on to what they add.

create table sluice.people_roles (
    role_name text not null,
    kind      text not null,
    constraint people_roles_pkey primary key (role_name),
    constraint people_roles_kind_is_known check (kind in ('reader', 'operator', 'developer'))
);
