#include "schedule/conditions.h"

#include <algorithm>

#include "schedule/condition_kinds.h"

namespace sluice::schedule {
namespace kinds {

SameAnswer only_now(const ConditionContext& context) {
    if (!context.date) return {};
    const Instant at = std::chrono::floor<Seconds>(context.date->at);
    return {at, at + Seconds{1}};
}

bool has_expression(std::string_view text) {
    return text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos;
}

Result<std::string> rendered(const flow::Condition& condition, std::string_view property,
                             const ConditionContext& context) {
    std::string text = condition.properties.text(property);
    if (!has_expression(text)) return text;
    if (!context.render)
        return refuse(ErrorCode::Expression, "`{}` has an expression, which can't be used here", property);
    return context.render(text);
}

}  // namespace kinds

namespace {

std::string_view kind_name(const flow::Condition& condition) {
    constexpr std::string_view kFolder = "core.condition.";
    std::string_view name = condition.info != nullptr ? condition.info->short_name() : std::string_view(condition.type);
    if (name.starts_with(kFolder)) name.remove_prefix(kFolder.size());
    return name;
}

const kinds::Kind* kind_of(std::string_view name) {
    for (const auto table : {kinds::date_kinds(), kinds::execution_kinds()}) {
        for (const kinds::Kind& kind : table) {
            if (kind.name == name) return &kind;
        }
    }
    return nullptr;
}

SameAnswer both(SameAnswer a, SameAnswer b) {
    return {std::max(a.from, b.from), std::min(a.until, b.until)};
}

Error told_by(std::string_view name, Error error) {
    error.message = fmt::format("{}: {}", name, error.message);
    return error;
}

/// The first of the conditions that holds, or none; `same` for both.
struct FirstTrue {
    std::optional<Verdict> found{};
    SameAnswer same_when_none = kinds::kAlways;
};

Result<FirstTrue> first_true(const flow::Condition& condition, const ConditionContext& context) {
    FirstTrue out;
    for (const auto& [key, one] : condition.nested) {
        auto verdict = evaluate(one, context);
        if (!verdict) return tl::unexpected(verdict.error());
        if (verdict->holds) {
            out.found = std::move(*verdict);
            return out;
        }
        out.same_when_none = both(out.same_when_none, verdict->same);
    }
    return out;
}

Result<Verdict> evaluate_not(const flow::Condition& condition, const ConditionContext& context) {
    const auto first = first_true(condition, context);
    if (!first) return tl::unexpected(first.error());
    if (first->found) return Verdict{false, "it holds that " + first->found->reason, first->found->same};
    return Verdict{true, "none of its conditions holds", first->same_when_none};
}

Result<Verdict> evaluate_or(const flow::Condition& condition, const ConditionContext& context) {
    const auto first = first_true(condition, context);
    if (!first) return tl::unexpected(first.error());
    if (first->found) return *first->found;
    return Verdict{false, "none of its conditions holds", first->same_when_none};
}

Result<Verdict> evaluate_kind(std::string_view name, const flow::Condition& condition,
                              const ConditionContext& context) {
    if (name == "Not") return evaluate_not(condition, context);
    if (name == "Or") return evaluate_or(condition, context);
    const kinds::Kind* kind = kind_of(name);
    if (kind == nullptr) return invalid("this type of condition can't be tested");
    if (kind->needs_execution && context.execution == nullptr) {
        return invalid("it looks at an execution, and there is none here: use it in a Flow trigger");
    }
    return kind->test(condition, context);
}

void check_condition(const flow::Condition& condition, Occasion occasion, const std::string& path,
                     std::vector<Error>& errors) {
    const std::string_view name = kind_name(condition);
    const auto report = [&](Error error) {
        const std::string property = error.place.property;
        error.place.property = property.empty() ? path : path + "." + property;
        errors.push_back(told_by(name, std::move(error)));
    };
    const bool listed = name == "Not" || name == "Or";
    for (const auto& [key, nested] : condition.nested) {
        const std::string below = path + ".conditions" + (listed ? "[" + key + "]" : "." + key);
        check_condition(nested, occasion, below, errors);
        if (kind_name(nested) == "MultipleCondition") {
            errors.push_back(Error{ErrorCode::Invalid, "MultipleCondition: it can't stand inside another condition",
                                   Place{.property = below}});
        }
    }
    if (listed) return;
    const kinds::Kind* kind = kind_of(name);
    if (kind == nullptr) return report(Error{ErrorCode::Invalid, "this type of condition can't be tested"});
    if (kind->needs_execution && occasion == Occasion::NoExecution) {
        return report(
            Error{ErrorCode::Invalid, "it looks at an execution, and there is none: use it in a Flow trigger"});
    }
    if (kind->check == nullptr) return;
    if (auto checked = kind->check(condition); !checked) report(std::move(checked.error()));
}

}  // namespace

Result<Verdict> evaluate(const flow::Condition& condition, const ConditionContext& context) {
    const std::string_view name = kind_name(condition);
    auto verdict = evaluate_kind(name, condition, context);
    if (!verdict) return tl::unexpected(told_by(name, std::move(verdict.error())));
    verdict->reason = fmt::format("{}: {}", name, verdict->reason);
    return verdict;
}

Result<Verdict> evaluate_all(const std::vector<flow::Condition>& conditions, const ConditionContext& context) {
    Verdict out{true, "", kinds::kAlways};
    for (const flow::Condition& condition : conditions) {
        auto verdict = evaluate(condition, context);
        if (!verdict || !verdict->holds) return verdict;
        out.same = both(out.same, verdict->same);
    }
    return out;
}

Result<void> check_conditions(const std::vector<flow::Condition>& conditions, Occasion occasion) {
    Error all{ErrorCode::Invalid, "the conditions have mistakes"};
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        check_condition(conditions[i], occasion, fmt::format("conditions[{}]", i), all.details);
    }
    if (all.details.empty()) return {};
    return tl::unexpected(std::move(all));
}

}  // namespace sluice::schedule
