#pragma once
#include <deque>
#include <functional>
#include <optional>

#include "base/guarded.h"
#include "base/service.h"
#include "engine/execution.h"
#include "pg/actor.h"
#include "pg/pool.h"
#include "pg/signals.h"
#include "store/flows.h"

namespace sluice::webserver {

/// An execution to be stored.
struct Start {
    flow::FlowPtr flow{};
    engine::Execution execution{};
    std::optional<pg::Actor> actor{};
    bool of_latest = true;  // the flow was meant as "the newest revision": is it still?
};

/// Stores new executions, many requests in one transaction: while one commits, the next batch gathers.
///
/// `done` is called after the commit, or with the error. Whoever prepared a start from a revision that is no longer the
/// newest gets Conflict of the kind "stale", and prepares it again.
/// Threads  submit(): any; `done` runs on the service's thread and must be short
class Starter : public Service {
  public:
    using Done = std::function<void(Result<engine::Execution>)>;

    Starter(pg::Pool& pool, pg::Signals& signals);
    ~Starter() override;

    void submit(Start start, Done done);

    static constexpr std::string_view kStale = "stale";

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override { pool_.drop_idle(); }
    void finish() override;

  private:
    struct Waiting {
        Start start{};
        Done done{};
        std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
        std::optional<Error> refused{};
    };
    void store_all();
    void store_alone();
    void store(std::deque<Waiting>& batch);
    void answer(std::deque<Waiting> batch);
    void read_back(std::deque<Waiting>& batch);
    void give_up_old(std::deque<Waiting>& batch);

    pg::Pool& pool_;
    pg::Signals& signals_;
    Guarded<std::deque<Waiting>> waiting_{};
    std::deque<Waiting> in_hand_{};  // of a turn that failed
    bool commit_unknown_ = false;
};

}  // namespace sluice::webserver
