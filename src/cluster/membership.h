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
    /// Silence after which we hold our own work: well before the cluster may give it away.
    Duration self_fence = 8s;
    Duration doubt() const { return 2 * beat + 500ms; }
};

/// Keeps this process's row alive, on a thread and a connection of its own.
///
/// When no beat could be written for `self_fence` this process is suspended: it holds all that it does. It can't know
/// whether it is alone with that (others get its work when the lease is over), or the database is away for all (nobody
/// can take anything). The next beat tells: it is accepted as long as nobody declared this service dead, which is also
/// when its claims go; then all goes on as if nothing had been. Otherwise `fenced` is called once, and the process comes
/// back as a new service.
///
/// Threads  callbacks run on the heartbeat thread, or on the one that found out
class Membership : public Service {
  public:
    struct Callbacks {
        std::function<void()> suspended = [] {};  // hold everything that runs until `beat` or `fenced`
        std::function<void()> fenced = [] {};     // end everything that runs: it is somebody else's
        std::function<void(bool alone)> alone = [](bool) {};
        std::function<std::string()> details = [] { return std::string("{}"); };
        std::function<void(Duration)> beat = [](Duration) {};  // one was written: for how long now we need no other
        std::function<void()> silent = [] {};  // the lease of another service is over
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
    /// false: not registered, suspended, or fenced: nothing new may be begun
    bool is_alive() const { return standing_ == Standing::Alive; }
    /// Two beats are missing: take no new work until they are back.
    bool is_doubtful() const;
    /// What was claimed under `as` is not ours any more.
    bool is_over(const ServiceId& as) const;
    /// Nothing may be begun, and what runs is held. Suspends this process if it is time for that, and does not wait for
    /// the watchdog.
    bool is_suspended();
    /// For how long this process has been in touch with the database. It is what entitles it to declare others dead:
    /// time in which the database was away counts for nobody.
    Duration in_touch() const;
    /// How often this process was declared dead and came back under another name.
    std::uint64_t refused_beats() const { return refused_beats_; }

    /// Takes no new work any more; shown to the others.
    void drain() { draining_ = true; }
    /// Leaves in good order.
    void leave();

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override { return config_.beat; }

  private:
    enum class Standing { Outside, Alive, Suspended };

    void fence(std::string_view why);
    void suspend_if_silent();
    void note_beat(std::int64_t begun_us);
    std::int64_t since_beat_us() const;

    pg::Pool& pool_;
    const Member member_;
    const LeaseConfig config_;
    Callbacks callbacks_{};
    Guarded<ServiceId> id_{};
    std::atomic<Standing> standing_{Standing::Outside};
    std::atomic<std::uint64_t> refused_beats_{0};
    std::atomic<bool> draining_{false};
    std::atomic<std::int64_t> last_beat_us_{0};  // of the steady clock: when the last beat that succeeded was begun
    std::atomic<std::int64_t> in_touch_since_us_{0};
    std::jthread watchdog_{};
};

}  // namespace sluice::cluster
