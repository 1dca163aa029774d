-- The roles that are always there. Their capabilities are this program's, so they come with each version of it.

insert into sluice.roles as r (role, description, capabilities, builtin)
values
    ('admin', 'Everything, users and roles too', '{*:*}', true),
    ('developer', 'Writes and runs flows, with their files, values and secrets',
        '{FLOW:*,EXECUTION:*,TASKRUN:*,LOG:*,TRIGGER:*,FILE:*,KV:*,SECRET:*,NAMESPACE:*,DASHBOARD:*,CLUSTER:READ}', true),
    ('operator', 'Starts, stops and repairs executions; switches triggers; changes no flow',
        '{FLOW:READ,EXECUTION:READ,EXECUTION:CREATE,EXECUTION:UPDATE,TASKRUN:READ,LOG:READ,TRIGGER:READ,TRIGGER:UPDATE,FILE:READ,KV:READ,NAMESPACE:READ,DASHBOARD:READ,CLUSTER:READ,CLUSTER:UPDATE}', true),
    ('viewer', 'Looks, and changes nothing',
        '{FLOW:READ,EXECUTION:READ,TASKRUN:READ,LOG:READ,TRIGGER:READ,FILE:READ,KV:READ,NAMESPACE:READ,DASHBOARD:READ,CLUSTER:READ}', true)
on conflict (role) do update
set description = excluded.description, capabilities = excluded.capabilities, builtin = true, updated_at = now()
where (r.description, r.capabilities, r.builtin) is distinct from (excluded.description, excluded.capabilities, true);
