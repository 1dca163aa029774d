#pragma once
#include <functional>
#include <map>
#include <vector>

#include "executor/work.h"
#include "schedule/preconditions.h"
#include "store/logs.h"
#include "store/trigger_windows.h"

namespace sluice::executor {

/// What Flow triggers made of the changes in a batch.
struct Reactions {
    std::vector<engine::Execution> executions{};
    std::vector<engine::Message> started{};
    std::vector<store::LogWrite> logs{};
};

/// Starts flows when executions of other flows change their state. It happens in the transaction of that change, so that
/// no change is missed and none counts twice.
/// Source   flows.md §6.8
/// Threads  one
class FlowTriggers {
  public:
    explicit FlowTriggers(const Runtime& runtime) : runtime_(runtime) {}

    /// What follows from the states that the executions of these works passed through.
    Reactions react(pg::Transaction& tx, const std::vector<Work*>& works);

  private:
    struct Listener {
        flow::FlowPtr flow{};
        const flow::Trigger* trigger = nullptr;  // in `flow`; null: it can't be used
        std::vector<flow::Condition> conditions{};  // without the MultipleConditions, which are preconditions
        std::vector<schedule::Preconditions> preconditions{};
        std::vector<State> states{};
    };
    struct Match;

    std::vector<const Listener*> listeners(pg::Transaction& tx);
    Listener listen(pg::Transaction& tx, const store::ListeningTrigger& row);
    Result<std::optional<Match>> match(pg::Transaction& tx, const Listener& listener, Work& work,
                                       const engine::History::Entry& change, Reactions& out) const;
    void fire(pg::Transaction& tx, const Match& match, Reactions& out) const;

    const Runtime& runtime_;
    std::map<store::TriggerId, std::pair<std::int64_t, Listener>> known_{};  // by revision of the flow
};

}  // namespace sluice::executor
