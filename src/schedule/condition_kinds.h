#pragma once
// The kinds of conditions, for conditions.cpp: each kind is a function.
#include <span>

#include "schedule/conditions.h"

namespace sluice::schedule::kinds {

using Test = Result<Verdict> (*)(const flow::Condition& condition, const ConditionContext& context);
/// What can be known of its properties before it runs.
using Check = Result<void> (*)(const flow::Condition& condition);

struct Kind {
    std::string_view name;  // "DayWeek"
    Test test;
    Check check = nullptr;
    bool needs_execution = false;
};

std::span<const Kind> date_kinds();
std::span<const Kind> execution_kinds();

inline constexpr Instant kBeginning = std::chrono::sys_days{std::chrono::year{-9999} / 1 / 1};
inline constexpr Instant kEnd = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};
inline constexpr SameAnswer kAlways{kBeginning, kEnd};

/// Nothing is known of other dates.
SameAnswer only_now(const ConditionContext& context);

bool has_expression(std::string_view text);
/// The text of a property, rendered when it has an expression.
Result<std::string> rendered(const flow::Condition& condition, std::string_view property,
                             const ConditionContext& context);

template <class... Args>
Verdict verdict(bool holds, SameAnswer same, fmt::format_string<Args...> format, Args&&... args) {
    return {holds, fmt::format(format, std::forward<Args>(args)...), same};
}

}  // namespace sluice::schedule::kinds
