// Conditions on executions, flows and expressions.
#include <algorithm>

#include "schedule/condition_kinds.h"

namespace sluice::schedule::kinds {
namespace {

bool is_blank_or_false(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t\r\n");
    if (from == std::string_view::npos) return true;
    const std::size_t until = text.find_last_not_of(" \t\r\n");
    return text.substr(from, until - from + 1) == "false";
}

Result<Verdict> expression(const flow::Condition& condition, const ConditionContext& context) {
    const auto text = rendered(condition, "expression", context);
    if (!text) return tl::unexpected(text.error());
    return verdict(!is_blank_or_false(*text), only_now(context), "{} is '{}'", condition.properties.text("expression"),
                   *text);
}

Result<std::optional<std::vector<State>>> states(const flow::Condition& condition, std::string_view property) {
    const Value value = condition.properties[property];
    if (value.is_null()) return std::nullopt;
    if (!value.is_list()) return invalid("`{}` must be a list of states", property);
    std::vector<State> out;
    for (const Value& item : value.as_list()) {
        const std::string word = item.is_string() ? item.as_string() : std::string();
        const auto state = state_of(word);
        if (!state) return invalid("'{}' in `{}` is not a state", word, property);
        out.push_back(*state);
    }
    return out;
}

/// `in` and `notIn` of one condition.
struct StateFilter {
    std::optional<std::vector<State>> in{};
    std::optional<std::vector<State>> not_in{};

    bool lets(State state) const {
        const auto has = [&](const auto& list) { return std::find(list->begin(), list->end(), state) != list->end(); };
        return (!in || has(in)) && !(not_in && has(not_in));
    }
    std::string text() const {
        std::string out;
        for (const auto& [word, list] : {std::pair{"in", &in}, std::pair{"notIn", &not_in}}) {
            if (!*list) continue;
            out += fmt::format("{}{} [", out.empty() ? "" : " and ", word);
            for (std::size_t i = 0; i < (*list)->size(); ++i) {
                out += fmt::format("{}{}", i > 0 ? ", " : "", to_text((**list)[i]));
            }
            out += "]";
        }
        return out.empty() ? "any" : out;
    }
};

Result<StateFilter> state_filter(const flow::Condition& condition) {
    auto in = states(condition, "in");
    if (!in) return tl::unexpected(in.error());
    auto not_in = states(condition, "notIn");
    if (!not_in) return tl::unexpected(not_in.error());
    return StateFilter{std::move(*in), std::move(*not_in)};
}

Result<void> check_states(const flow::Condition& condition) {
    const auto filter = state_filter(condition);
    if (!filter) return tl::unexpected(filter.error());
    return {};
}

Result<Verdict> execution_status(const flow::Condition& condition, const ConditionContext& context) {
    const auto filter = state_filter(condition);
    if (!filter) return tl::unexpected(filter.error());
    const State state = context.execution->state;
    return verdict(filter->lets(state), kAlways, "state is {}, wanted {}", to_text(state), filter->text());
}

Result<Verdict> has_retry_attempt(const flow::Condition& condition, const ConditionContext& context) {
    const auto filter = state_filter(condition);
    if (!filter) return tl::unexpected(filter.error());
    const auto& attempts = context.execution->retried_attempts;
    const bool holds = std::any_of(attempts.begin(), attempts.end(), [&](State s) { return filter->lets(s); });
    return verdict(holds, kAlways, "{} attempt of a retried task is {}", holds ? "an" : "no", filter->text());
}

Result<Verdict> same_flow(const flow::Condition& condition, const flow::FlowId& found) {
    const flow::FlowId wanted{condition.properties.text("namespace"), condition.properties.text("flowId")};
    return verdict(found == wanted, kAlways, "flow is {}, wanted {}", found.text(), wanted.text());
}

Result<Verdict> execution_flow(const flow::Condition& condition, const ConditionContext& context) {
    return same_flow(condition, context.execution->flow);
}

Result<Verdict> flow_condition(const flow::Condition& condition, const ConditionContext& context) {
    return same_flow(condition, context.flow);
}

Result<Verdict> same_namespace(const flow::Condition& condition, const std::string& found) {
    const std::string wanted = condition.properties.text("namespace");
    std::string comparison = condition.properties.text("comparison");
    if (comparison.empty()) comparison = condition.properties["prefix"].if_bool().value_or(false) ? "PREFIX" : "EQUALS";
    const bool holds = comparison == "PREFIX"   ? found.starts_with(wanted)
                       : comparison == "SUFFIX" ? found.ends_with(wanted)
                                                : found == wanted;
    return verdict(holds, kAlways, "namespace is {}, wanted {} {}", found, comparison, wanted);
}

Result<Verdict> execution_namespace(const flow::Condition& condition, const ConditionContext& context) {
    return same_namespace(condition, context.execution->flow.namespace_name);
}

Result<Verdict> flow_namespace(const flow::Condition& condition, const ConditionContext& context) {
    return same_namespace(condition, context.flow.namespace_name);
}

Result<Verdict> execution_labels(const flow::Condition& condition, const ConditionContext& context) {
    const Value labels = condition.properties["labels"];
    if (!labels.is_map()) return invalid("`labels` must be a map");
    for (const auto& [key, value] : labels.as_map()) {
        const flow::Label wanted{key, value.is_string() ? value.as_string() : std::string()};
        const auto& found = context.execution->labels;
        if (std::find(found.begin(), found.end(), wanted) == found.end()) {
            return verdict(false, kAlways, "label {}={} is missing", wanted.key, wanted.value);
        }
    }
    return verdict(true, kAlways, "all labels are there");
}

Result<Verdict> execution_outputs(const flow::Condition& condition, const ConditionContext& context) {
    if (!context.execution->has_outputs) return verdict(false, kAlways, "the execution has no outputs");
    return expression(condition, context);
}

Result<Verdict> multiple(const flow::Condition&, const ConditionContext&) {
    return invalid("it is met by several executions: it can only stand directly in the conditions of a Flow trigger");
}

constexpr Kind kExecutionKinds[] = {
    {"Expression", expression},
    {"ExecutionStatus", execution_status, check_states, true},
    {"ExecutionFlow", execution_flow, nullptr, true},
    {"ExecutionNamespace", execution_namespace, nullptr, true},
    {"ExecutionLabels", execution_labels, nullptr, true},
    {"ExecutionOutputs", execution_outputs, nullptr, true},
    {"HasRetryAttempt", has_retry_attempt, check_states, true},
    {"MultipleCondition", multiple, nullptr, true},
    {"FlowCondition", flow_condition},
    {"FlowNamespaceCondition", flow_namespace},
};

}  // namespace

std::span<const Kind> execution_kinds() {
    return kExecutionKinds;
}

}  // namespace sluice::schedule::kinds
