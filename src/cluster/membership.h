#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/service.h"
#include "pg/pg.h"

namespace sluice::cluster {

/// A process as it shows itself to the others.
struct Member {
    std::vector<std::string> roles{};
    std::string host{};
    int pid = 0;
    std::string version{};
    std::string worker_group{};
    int slots = 0;
    int connections = 0;
};

struct LeaseConfig {
    Duration beat = 2s;
    /// Silence after which the cluster gives the work away.
    Duration lease = 10s;
    /// Silence after which we stop our own work: well before the cluster may give it away.
    Duration self_fence = 8s;
};

/// Keeps this process's row alive, on a thread and a connection of its own.
///
/// When a beat could not be written for `self_fence`, or the row says that we are dead, `fenced` is called once, and the
/// process comes back as a new service as soon as the database answers.
/// Threads  callbacks run on the heartbeat thread
class Membership : public Service {
  public:
    struct Callbacks {
        std::function<void()> fenced = [] {};         // end everything that runs: it is, or will be, somebody else's
        std::function<void(bool alone)> alone = [](bool) {};
        std::function<std::string()> details = [] { return std::string("{}"); };
        std::function<void()> beat = [] {};           // after each beat that was written
        std::function<void()> silent = [] {};         // the lease of another service is over
    };

    Membership(pg::Pool& pool, Member member, LeaseConfig config);
    ~Membership() override;

    /// Before start().
    void set_callbacks(Callbacks callbacks) { callbacks_ = std::move(callbacks); }

    /// Registers for the first time; the id is known afterwards.
    /// Errors  DatabaseError
    void join();

    /// Changes when we were fenced and came back.
    ServiceId id() const;
    /// false: not registered, or fenced: nothing new may be begun
    bool is_alive() const { return alive_; }
    /// Two beats are missing: take no new work until they are back.
    bool is_doubtful() const;
    /// Fences this process if it is time for that, and does not wait for the watchdog. true: what was claimed under
    /// `as` is not, or will not be, ours any more
    bool is_over(const ServiceId& as);

    /// Takes no new work any more; shown to the others.
    void drain() { draining_ = true; }
    /// Leaves in good order.
    void leave();

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override { return config_.beat; }

  private:
    void fence(std::string_view why);
    bool fence_if_silent();
    std::int64_t since_beat_us() const;

    pg::Pool& pool_;
    const Member member_;
    const LeaseConfig config_;
    Callbacks callbacks_{};
    Guarded<ServiceId> id_{};
    std::atomic<bool> alive_{false};
    std::atomic<bool> draining_{false};
    std::atomic<std::int64_t> last_beat_us_{0};  // of the steady clock: when the last beat that succeeded was begun
    std::jthread watchdog_{};
};

}  // namespace sluice::cluster
