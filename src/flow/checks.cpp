#include "flow/checks.h"

#include "value/truthiness.h"

namespace sluice::flow {

std::string_view to_text(Check::Behavior behavior) {
    switch (behavior) {
        case Check::Behavior::BlockExecution:
            return "BLOCK_EXECUTION";
        case Check::Behavior::FailExecution:
            return "FAIL_EXECUTION";
        case Check::Behavior::CreateExecution:
            break;
    }
    return "CREATE_EXECUTION";
}

namespace {

bool holds(const Value& condition) {
    if (const auto flag = condition.if_bool()) return *flag;
    if (const std::string* text = condition.if_string()) return is_truthy(*text);
    return !condition.is_null();
}

}  // namespace

std::vector<FailedCheck> failed_checks(const Flow& flow, const Value& inputs, const InputContext& context) {
    std::vector<FailedCheck> out;
    for (const Check& check : flow.checks) {
        const auto condition = context.render(check.condition, inputs);
        if (condition && holds(*condition)) continue;
        FailedCheck failed{&check, context.render_text(check.message, inputs).value_or(check.message)};
        if (!condition) failed.message += fmt::format(" (its condition: {})", condition.error().text());
        out.push_back(std::move(failed));
    }
    return out;
}

Result<void> hold_checks(const Flow& flow, const Value& inputs, const InputContext& context, bool failing_too) {
    std::string all;
    for (const FailedCheck& failed : failed_checks(flow, inputs, context)) {
        const Check::Behavior behavior = failed.check->behavior;
        const bool counts = behavior == Check::Behavior::BlockExecution ||
                            (failing_too && behavior == Check::Behavior::FailExecution);
        if (counts) (all += all.empty() ? "" : "; ") += failed.message;
    }
    if (!all.empty()) return invalid("{}", all);
    return {};
}

}  // namespace sluice::flow
