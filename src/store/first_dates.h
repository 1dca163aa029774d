#pragma once
#include <optional>
#include <string>
#include <vector>

#include "flow/flow.h"
#include "store/trigger_expressions.h"

namespace sluice::store {

/// When a trigger that is new, or was changed, is to be looked at first.
struct FirstDate {
    std::optional<Timestamp> next{};  // empty: not by itself
    std::vector<schedule::Instant> upcoming{};
    std::string error{};  // why its dates can't be worked out
};

/// Of each of the flow's triggers, in their order. The scheduler works out by the same rules what is left to it.
std::vector<FirstDate> first_dates(pg::Connection& connection, const Instance& instance, const flow::Flow& flow,
                                   std::int64_t revision, Timestamp now);

}  // namespace sluice::store
