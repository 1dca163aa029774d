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

/// Decides about triggers: knows their flows, keeps their timetables, renders their expressions. Writes nothing. A flow
/// that can't be read or an expression that fails ends in the trigger's row; whatever is thrown is the caller's to
/// isolate, who has set_back() for it.
/// Threads  one
class TriggerBook {
  public:
    explicit TriggerBook(const Tools& tools) : tools_(tools) {}

    /// Reads the flows that deciding about these needs, in one statement.
    void read_ahead(pg::Connection& connection, const std::vector<store::TriggerRow>& rows);

    /// The first date of a new or changed trigger, or of one that was switched on again. One that has no dates of its
    /// own (a webhook) gets none.
    Outcome plan(pg::Connection& connection, const store::TriggerRow& row, Timestamp now);
    /// What becomes of the date that is due.
    Outcome decide(pg::Connection& connection, const store::TriggerRow& row, const schedule::Moment& moment);

    /// Deciding about the date that is due broke down: it has failed, and the trigger is left alone until then.
    Outcome set_back(pg::Connection& connection, const store::TriggerRow& row, Timestamp now, Timestamp quiet_until,
                     const std::string& reason);
    /// It gets no date before its flow is saved anew; the row tells why.
    static Outcome give_up(const store::TriggerRow& row, std::string reason);

    /// Forgets triggers that are gone, when there have been many new ones since the last time.
    void tidy(pg::Connection& connection);
    void forget_all();
    std::size_t size() const { return entries_.size(); }

  private:
    struct Entry {
        flow::FlowPtr flow{};
        const flow::Trigger* trigger = nullptr;
        std::shared_ptr<const schedule::Timetable> timetable{};  // null: it has no dates of its own
    };
    Result<Entry> open(pg::Connection& connection, const store::TriggerRow& row, Timestamp now);

    static constexpr std::size_t kTidyAfter = 1000;  // new entries, at least; also how many are asked for at once

    const Tools tools_;
    schedule::Zones zones_{};
    std::map<store::TriggerId, std::pair<std::int64_t, Entry>> entries_{};  // with the flow's revision
    std::size_t tidy_at_ = kTidyAfter;                                      // entries
};

}  // namespace sluice::scheduler
