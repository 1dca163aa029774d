#include "schedule/preconditions.h"

#include <algorithm>

#include "schedule/precondition_filters.h"

namespace sluice::schedule {
namespace {

std::string text_of(const Value& value) {
    return value.is_string() ? value.as_string() : std::string();
}

List items_of(const Value& value) {
    const List* list = value.if_list();
    return list != nullptr ? *list : List();
}

Error at(Error error, const std::string& path) {
    error.place.property = error.place.property.empty() ? path : path + "." + error.place.property;
    return error;
}

/// The keys of the conditions: flows first, then the groups of `where`.
std::vector<std::string> keys_of(const Value& definition) {
    std::vector<std::string> out;
    const List flows = items_of(definition["flows"]);
    const List groups = items_of(definition["where"]);
    for (std::size_t i = 0; i < flows.size(); ++i) out.push_back(fmt::format("condition_{}", i));
    for (std::size_t i = 0; i < groups.size(); ++i) {
        out.push_back(fmt::format("condition_{}_{}", flows.size() + i, groups[i].text("id")));
    }
    return out;
}

void check_flow(const Value& upstream, const std::string& path, std::vector<Error>& errors) {
    const auto report = [&](std::string_view property, std::string message) {
        errors.push_back(
            Error{ErrorCode::Invalid, std::move(message), Place{.property = path + "." + std::string(property)}});
    };
    if (upstream.text("namespace").empty()) report("namespace", "must not be null");
    for (const Value& state : items_of(upstream["states"])) {
        if (!state_of(text_of(state))) report("states", fmt::format("'{}' is not a state", text_of(state)));
    }
}

void check_group(const Value& group, const std::string& path, std::vector<Error>& errors) {
    const auto report = [&](std::string_view property, std::string message) {
        errors.push_back(
            Error{ErrorCode::Invalid, std::move(message), Place{.property = path + "." + std::string(property)}});
    };
    if (group.text("id").empty()) report("id", "must not be null");
    const std::string operand = group.text("operand");
    if (!operand.empty() && operand != "AND" && operand != "OR") report("operand", "must be AND or OR");
    const List filters = items_of(group["filters"]);
    if (filters.empty()) report("filters", "must not be empty");
    for (std::size_t i = 0; i < filters.size(); ++i) {
        auto checked = filters::check(filters[i]);
        if (!checked) errors.push_back(at(std::move(checked.error()), fmt::format("{}.filters[{}]", path, i)));
    }
}

void take_window(Result<TimeWindow> window, Preconditions& out, const std::string& path, std::vector<Error>& errors) {
    if (window) {
        out.window = *window;
        return;
    }
    const Error& error = window.error();
    if (error.details.empty()) errors.push_back(at(error, path));
    for (const Error& detail : error.details) errors.push_back(at(detail, path));
}

Preconditions read_preconditions(const Value& definition, const flow::Trigger& trigger, std::vector<Error>& errors) {
    Preconditions out;
    out.id = definition.text("id");
    out.definition = definition;
    out.reset_on_success = definition["resetOnSuccess"].if_bool().value_or(true);
    out.keys = keys_of(definition);
    const auto report = [&](std::string property, std::string message) {
        errors.push_back(Error{ErrorCode::Invalid, std::move(message), Place{.property = std::move(property)}});
    };
    if (out.id.empty()) report("preconditions.id", "must not be null");
    if (out.keys.empty()) report("preconditions", "needs `flows` or `where`");
    for (const Value& state : items_of(trigger.properties["states"])) {
        if (const auto known = state_of(text_of(state))) out.states.push_back(*known);
    }
    take_window(read_time_window(definition["timeWindow"]), out, "preconditions.timeWindow", errors);
    const List flows = items_of(definition["flows"]);
    const List groups = items_of(definition["where"]);
    for (std::size_t i = 0; i < flows.size(); ++i) {
        check_flow(flows[i], fmt::format("preconditions.flows[{}]", i), errors);
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        check_group(groups[i], fmt::format("preconditions.where[{}]", i), errors);
    }
    return out;
}

Preconditions read_multiple(const flow::Condition& condition, const std::string& path, std::vector<Error>& errors) {
    Preconditions out;
    const Value& properties = condition.properties;
    out.id = properties.text("id");
    out.multiple = &condition;
    out.reset_on_success = properties["resetOnSuccess"].if_bool().value_or(true);
    for (const auto& [key, nested] : condition.nested) out.keys.push_back(key);
    if (out.id.empty())
        errors.push_back(Error{ErrorCode::Invalid, "must not be null", Place{.property = path + ".id"}});
    const bool nested_window = !properties["timeWindow"].is_null();
    take_window(read_time_window(properties["timeWindow"], properties["window"], properties["windowAdvance"]), out,
                nested_window ? path + ".timeWindow" : path, errors);
    return out;
}

bool is_multiple(const flow::Condition& condition) {
    return condition.info != nullptr && condition.info->short_name() == "core.condition.MultipleCondition";
}

bool has_labels(const Value& wanted, const std::vector<flow::Label>& found) {
    const Map* map = wanted.if_map();
    if (map == nullptr) return true;
    return std::all_of(map->begin(), map->end(), [&](const Map::Entry& entry) {
        return std::find(found.begin(), found.end(), flow::Label{entry.first, text_of(entry.second)}) != found.end();
    });
}

bool meets_flow(const Value& upstream, const std::vector<State>& otherwise, const ExecutionFacts& execution) {
    if (upstream.text("namespace") != execution.flow.namespace_name) return false;
    const std::string id = upstream.text("flowId");
    if (!id.empty() && id != execution.flow.id) return false;
    std::vector<State> states;
    for (const Value& state : items_of(upstream["states"])) {
        if (const auto known = state_of(text_of(state))) states.push_back(*known);
    }
    if (states.empty()) states = otherwise;
    if (!states.empty() && std::find(states.begin(), states.end(), execution.state) == states.end()) return false;
    return has_labels(upstream["labels"], execution.labels);
}

Result<bool> meets_group(const Value& group, const ConditionContext& context, const MatchesWhole& matches) {
    const bool any = group.text("operand") == "OR";
    for (const Value& filter : items_of(group["filters"])) {
        const auto holds = filters::holds(filter, context, matches);
        if (!holds) return holds;
        if (*holds == any) return any;
    }
    return !any;
}

std::vector<std::string> met_of_multiple(const flow::Condition& multiple, const ConditionContext& context,
                                         std::vector<Error>& problems) {
    std::vector<std::string> out;
    for (const auto& [key, condition] : multiple.nested) {
        auto verdict = evaluate(condition, context);
        if (!verdict)
            problems.push_back(std::move(verdict.error()));
        else if (verdict->holds)
            out.push_back(key);
    }
    return out;
}

}  // namespace

Result<std::vector<Preconditions>> preconditions_of(const flow::Trigger& trigger) {
    std::vector<Preconditions> out;
    Error all{ErrorCode::Invalid, "the preconditions have mistakes"};
    const Value definition = trigger.properties["preconditions"];
    if (!definition.is_null()) out.push_back(read_preconditions(definition, trigger, all.details));
    for (std::size_t i = 0; i < trigger.conditions.size(); ++i) {
        if (!is_multiple(trigger.conditions[i])) continue;
        out.push_back(read_multiple(trigger.conditions[i], fmt::format("conditions[{}]", i), all.details));
    }
    if (!all.details.empty()) return tl::unexpected(std::move(all));
    return out;
}

std::vector<std::string> met_by(const Preconditions& preconditions, const ConditionContext& context,
                                const MatchesWhole& matches, std::vector<Error>& problems) {
    if (preconditions.multiple != nullptr) return met_of_multiple(*preconditions.multiple, context, problems);
    ensure(context.execution != nullptr, "preconditions {} are tested without an execution", preconditions.id);
    std::vector<std::string> out;
    std::size_t key = 0;
    for (const Value& upstream : items_of(preconditions.definition["flows"])) {
        if (meets_flow(upstream, preconditions.states, *context.execution)) out.push_back(preconditions.keys[key]);
        ++key;
    }
    for (const Value& group : items_of(preconditions.definition["where"])) {
        auto met = meets_group(group, context, matches);
        if (!met)
            problems.push_back(std::move(met.error()));
        else if (*met)
            out.push_back(preconditions.keys[key]);
        ++key;
    }
    return out;
}

WindowStep step_preconditions(const Preconditions& preconditions, const std::optional<WindowState>& before,
                              const ConditionContext& context, const MatchesWhole& matches, Timestamp now,
                              std::vector<Error>& problems) {
    const auto met = met_by(preconditions, context, matches, problems);
    return step_window(preconditions.window, before, met, preconditions.keys, preconditions.reset_on_success, now,
                       context.zone);
}

}  // namespace sluice::schedule
