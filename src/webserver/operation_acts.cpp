#include "webserver/operation_acts.h"

#include "store/executions.h"
#include "value/json.h"
#include "webserver/bulk_verbs.h"
#include "webserver/flow_changes.h"
#include "webserver/trigger_changes.h"

namespace sluice::webserver {
namespace {

/// "company.team/flow/trigger" in its parts, if there are that many: none of them holds a slash.
std::optional<std::vector<std::string>> member_parts(const std::string& member, std::size_t wanted) {
    std::vector<std::string> out;
    std::size_t from = 0;
    while (from <= member.size()) {
        const std::size_t end = std::min(member.find('/', from), member.size());
        out.push_back(member.substr(from, end - from));
        from = end + 1;
    }
    if (out.size() != wanted) return {};
    return out;
}

/// The options as the parameters and the body that the action reads when it is asked for by itself.
http::Request request_of(const OperationWish& wish) {
    http::Request out;
    out.pattern = "/operations";
    out.context = Visitor{.user = wish.by.name};
    if (const Map* options = wish.options.if_map()) {
        for (const auto& [name, value] : *options) {
            if (value.is_list())
                out.body = to_json(value);
            else
                out.query.add(name, value.is_string() ? value.as_string() : to_json(value));
        }
    }
    return out;
}

tl::unexpected<Error> no_action(const OperationWish& wish, const std::string& known) {
    return invalid("Illegal argument: {} can't be asked to '{}'; there are {}", wish.resource, wish.action, known);
}

Result<MemberAct> act_on_executions(Api& api, const OperationWish& wish) {
    std::string known;
    for (const BulkVerb& verb : bulk_verbs(api)) {
        known += (known.empty() ? "" : ", ") + verb.name;
        if (verb.name != wish.action) continue;
        auto change = verb.change_of(request_of(wish));
        if (!change) return tl::unexpected(change.error());
        return MemberAct([&api, change = std::move(*change), within = wish.within](
                             pg::Transaction& tx, const std::string& member) -> Result<void> {
            auto execution = store::lock_execution(tx, ExecutionId{member});
            if (!execution || !within.has(execution->flow.namespace_name)) return not_found("execution not found");
            if (auto done = make_change(tx, change, *execution); !done) return done;
            tx.after_commit([&api, id = execution->id] { tell_of_changes(api, {id}); });
            return {};
        });
    }
    return no_action(wish, known);
}

Result<MemberAct> act_on_flows(Api& api, const OperationWish& wish) {
    FlowChange change;
    if (wish.action == "delete")
        change = removing_flow(wish.by.name);
    else if (wish.action == "enable" || wish.action == "disable")
        change = switching_flow(api, wish.by.name, wish.action == "disable");
    else
        return no_action(wish, "delete, enable, disable");
    return MemberAct([&api, change = std::move(change), within = wish.within](
                         pg::Transaction& tx, const std::string& member) -> Result<void> {
        const auto parts = member_parts(member, 2);
        if (!parts) return invalid("Illegal argument: expected namespace/flow, found '{}'", member);
        if (!within.has((*parts)[0])) return not_found("Not Found: flow {} does not exist", member);
        tx.after_commit([&api] { api.services.signals.notify(pg::kTriggersChannel); });
        return change(tx, {(*parts)[0], (*parts)[1]});
    });
}

std::optional<TriggerChange> trigger_change_of(Api& api, const OperationWish& wish) {
    const std::string& name = wish.action;
    if (name == "enable" || name == "disable") {
        return [&api, disabled = name == "disable", by = asker(wish.by.name)](
                   pg::Transaction& tx, store::TriggerView& one) { return set_disabled(api, tx, one, disabled, by); };
    }
    if (name == "restart")
        return [&api](pg::Transaction& tx, store::TriggerView& one) { return restart_evaluation(api, one, tx.now()); };
    const auto simple = [](Result<void> (*by)(store::TriggerView&)) {
        return TriggerChange([by](pg::Transaction&, store::TriggerView& one) { return by(one); });
    };
    if (name == "unlock") return simple(unlock);
    if (name == "pause-backfill") return simple(pause_backfill);
    if (name == "unpause-backfill") return simple(unpause_backfill);
    if (name == "delete-backfill") return simple(delete_backfill);
    return {};
}

Result<MemberAct> act_on_triggers(Api& api, const OperationWish& wish) {
    const auto change = trigger_change_of(api, wish);
    if (!change && wish.action != "delete") {
        return no_action(wish,
                         "enable, disable, unlock, restart, delete, pause-backfill, unpause-backfill, "
                         "delete-backfill");
    }
    return MemberAct(
        [&api, change, within = wish.within](pg::Transaction& tx, const std::string& member) -> Result<void> {
            const auto parts = member_parts(member, 3);
            if (!parts) return invalid("Illegal argument: expected namespace/flow/trigger, found '{}'", member);
            if (!within.has((*parts)[0])) return not_found("Not Found: trigger {} does not exist", member);
            const store::TriggerId id{{(*parts)[0], (*parts)[1]}, (*parts)[2]};
            tx.after_commit([&api] { api.services.signals.notify(pg::kTriggersChannel); });
            if (!change) return remove_trigger(tx, id);
            if (auto done = change_trigger(tx, id, *change); !done) return tl::unexpected(done.error());
            return {};
        });
}

}  // namespace

Result<MemberAct> act_of(Api& api, const OperationWish& wish) {
    if (wish.resource == "executions") return act_on_executions(api, wish);
    if (wish.resource == "flows") return act_on_flows(api, wish);
    if (wish.resource == "triggers") return act_on_triggers(api, wish);
    return invalid("Illegal argument: expected the resource executions, flows or triggers, found '{}'", wish.resource);
}

access::Capability capability_for(const std::string& resource, const std::string& action) {
    using access::Action;
    using access::Resource;
    const Resource what = resource == "flows"      ? Resource::Flow
                          : resource == "triggers" ? Resource::Trigger
                                                   : Resource::Execution;
    const Action act = action == "delete" ? Action::Delete : action == "replay" ? Action::Create : Action::Update;
    return {what, act};
}

std::optional<State> state_wanted_by(Api& api, const std::string& action) {
    for (const BulkVerb& verb : bulk_verbs(api)) {
        if (verb.name == action) return verb.only;
    }
    return {};
}

}  // namespace sluice::webserver
