#pragma once
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "base/guarded.h"
#include "base/service.h"
#include "engine/execution.h"
#include "pg/pool.h"
#include "pg/signals.h"

namespace sluice::webserver {

/// Watches executions for those who wait for them: streams and requests with wait=true. One look into the database for
/// all that are watched, when a signal names them and every second anyway.
///
/// Threads  follow(): any. Callbacks run on the service's thread and must be short
class Followers : public Service {
  public:
    /// What a follower is told. `ended`: over, after-execution tasks included. Returns false to be forgotten.
    using Callback = std::function<bool(const engine::Execution& execution, bool ended)>;

    Followers(pg::Pool& pool, pg::Signals& signals);
    ~Followers() override;

    /// The callback gets the present state first, and then every change.
    void follow(const ExecutionId& id, Callback callback);
    std::size_t size() const;

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override;
    void recover() override { pool_.drop_idle(); }

  private:
    struct Follower {
        Callback callback{};
        std::int64_t told_version = -1;
    };
    struct State {
        std::map<ExecutionId, std::vector<Follower>> followers{};
        std::set<ExecutionId> named{};  // by signals, or new
        bool all_named = false;
    };
    void tell(const engine::Execution& execution);

    pg::Pool& pool_;
    Guarded<State> state_{};
    std::chrono::steady_clock::time_point last_look_{};
};

/// Over, with everything that runs afterwards.
bool is_ended(const engine::Execution& execution);

}  // namespace sluice::webserver
