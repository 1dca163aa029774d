-- return_unknown_polls: triggers that a worker has in the eyes of the database and does not know of (the answer to their
-- taking was lost) are due again, for anybody.
-- $1 worker_id    text
-- $2.. arrays of equal length: namespace, flow_id, trigger_id  of those that it does know of
-- ->
update sluice.triggers t
set worker_id = null, evaluating_at = null, updated_at = now()
where t.polls and t.worker_id = $1
    and not exists (
        select from unnest($2::text[], $3::text[], $4::text[]) as k(namespace, flow_id, trigger_id)
        where k.namespace = t.namespace and k.flow_id = t.flow_id and k.trigger_id = t.trigger_id);
