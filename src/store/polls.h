#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/execution.h"
#include "store/logs.h"
#include "store/triggers.h"

namespace sluice::store {

/// A polling trigger in the hands of a worker.
struct Poll {
    TriggerId id{};
    std::int64_t flow_revision = 0;
    Timestamp due_at{};
    Timestamp taken_at{};  // with the worker it says whose it is
    Value memory{};        // what the evaluation before left; null: nothing
};

/// Polling triggers that are due become this worker's. Nothing when it is not alive in the database's eyes.
std::vector<Poll> take_polls(pg::Connection& connection, std::size_t most, const ServiceId& worker);
/// How long until the next one is due that nobody evaluates; empty: there is none
std::optional<Duration> next_poll(pg::Connection& connection);

struct PollEnd {
    Duration interval{0};
    std::optional<engine::Execution> execution{};  // what it starts
    bool holds = true;                             // the execution keeps the trigger from starting another one
    std::string error{};
    std::optional<Value> memory{};  // for the next evaluation; empty: as it was
};
/// Stores what came of it. false: the trigger is another worker's by now, and nothing was stored
bool finish_poll(pg::Transaction& tx, const Poll& poll, const ServiceId& worker, const PollEnd& end);
/// It is due again, for anybody. false: it is not this worker's
bool return_poll(pg::Connection& connection, const Poll& poll, const ServiceId& worker);
/// What this worker has but for these is due again: it never heard that it got them. Returns how many.
std::size_t return_unknown_polls(pg::Connection& connection, const ServiceId& worker,
                                 const std::vector<TriggerId>& known);

}  // namespace sluice::store
