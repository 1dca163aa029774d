#pragma once
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/execution.h"
#include "schedule/plan.h"
#include "store/environment.h"
#include "store/flows.h"
#include "store/trigger_expressions.h"
#include "store/triggers.h"

namespace sluice::scheduler {

/// What planning uses besides the database.
struct Tools {
    store::Flows& flows;
    const store::Instance& instance;
};

/// What is to be written for one trigger.
struct Outcome {
    store::TriggerWrite write{};
    std::vector<store::Fire> fires{};
    std::optional<engine::Execution> execution{};  // to be stored when its fire is new: the last one of `fires`
    std::string failure{};                         // why the execution failed before it began
};

/// Decides about triggers: knows their flows, keeps their timetables, renders their expressions. Writes nothing. What
/// goes wrong with one trigger ends in its row, and stops no other.
/// Threads  one
class TriggerBook {
  public:
    explicit TriggerBook(const Tools& tools) : tools_(tools) {}

    /// The first date of a new or changed trigger. One that has no dates of its own (a webhook) gets none.
    Outcome plan(pg::Connection& connection, const store::TriggerRow& row, Timestamp now);
    /// What becomes of the date that is due.
    Outcome decide(pg::Connection& connection, const store::TriggerRow& row, const schedule::Moment& moment);

  private:
    struct Entry {
        flow::FlowPtr flow{};
        const flow::Trigger* trigger = nullptr;
        std::shared_ptr<const schedule::Timetable> timetable{};  // null: it has no dates of its own
    };
    Result<Entry> open(pg::Connection& connection, const store::TriggerRow& row, Timestamp now);
    Outcome plan_it(pg::Connection& connection, const store::TriggerRow& row, Timestamp now);
    Outcome decide_it(pg::Connection& connection, const store::TriggerRow& row, const schedule::Moment& moment);

    const Tools tools_;
    schedule::Zones zones_{};
    std::map<store::TriggerId, std::pair<std::int64_t, Entry>> entries_{};  // with the flow's revision
};

}  // namespace sluice::scheduler
