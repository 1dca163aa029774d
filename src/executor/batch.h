#pragma once
#include <map>
#include <memory>
#include <vector>

#include "executor/flow_triggers.h"
#include "executor/work.h"
#include "pg/signals.h"

namespace sluice::executor {

/// The executions of one transaction.
class Batch {
  public:
    Batch(pg::Transaction& tx, const Runtime& runtime, FlowTriggers& flow_triggers, const engine::StepLimits& limits);

    /// Locks the executions of the events, of which there are some, and reads what their steps need.
    void load(const std::vector<queue::EventRow>& events);

    /// Applies one event. false: its execution is locked by somebody else, and the event stays
    bool apply(const queue::EventRow& event);

    /// Writes all that follows. Called once.
    void write(pg::Signals& signals);

    const std::vector<ExecutionId>& busy() const { return busy_; }

  private:
    Work* work_of(const queue::EventRow& event);
    void write_rows();
    void write_queues();
    void end_executions();
    void ask_flow_triggers();
    void kill(Work& work, const std::string& reason) const;
    void answer_for_purged(const queue::EventRow& event);
    void tell(pg::Signals& signals);

    pg::Transaction& tx_;
    const Runtime& runtime_;
    FlowTriggers& flow_triggers_;
    const engine::StepLimits limits_;
    Timestamp now_{};  // of the transaction
    std::map<ExecutionId, engine::Execution> locked_{};
    std::map<ExecutionId, std::vector<engine::TaskRun>> known_{};
    std::map<ExecutionId, std::unique_ptr<Work>> works_{};
    std::vector<ExecutionId> busy_{};
    std::set<ExecutionId> gone_{};
    std::map<ExecutionId, std::string> switched_off_{};  // with the reason
    Reactions reactions_{};
    std::vector<engine::Message> answers_{};  // in the name of executions that were purged
    std::vector<std::int64_t> done_{};
    /// Triggers may fire again: known at the commit, when this is gone.
    std::shared_ptr<bool> released_ = std::make_shared<bool>(false);
};

}  // namespace sluice::executor
