#pragma once
#include <set>
#include <stop_token>

#include "base/guarded.h"
#include "base/log.h"
#include "process/cgroup.h"
#include "process/channel.h"
#include "process/lease.h"
#include "process/process.h"

namespace sluice::process {

struct SupervisorConfig {
    bool cgroups = true;                 // use cgroup v2 where it is allowed
    std::function<Timestamp()> clock{};  // stamps the lines; empty: the system's clock
};

/// Runs child processes. It starts one small supervisor process (this binary with kSuperviseArgument, see supervise.h)
/// and starts it again should it die.
///
/// Threads  run() from as many as there are children, kill_all() and the lease from any
class Supervisor {
  public:
    /// Errors  OutsideError: no process could be started
    explicit Supervisor(SupervisorConfig config = {});
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    /// Runs the command to its end, and until nothing that it started is left. Callbacks are called on this thread;
    /// when one throws, the child is killed and the exception goes on.
    ///
    /// stop    asks with SIGTERM, and after the grace period with SIGKILL
    /// Errors  NotFound: no such program or directory; Forbidden: not allowed to run or enter it; TooLarge: too many
    ///         arguments; Invalid: nothing to run, a zero byte in a text, or a limit that can't be set.
    ///         OutsideError: the system has no process, descriptor or memory left
    Result<Outcome> run(const Command& command, const Callbacks& callbacks, std::stop_token stop);

    /// Kills all children at once with SIGKILL, whatever their run() is waiting for. Returns how many there were.
    std::size_t kill_all();

    /// From now on children may run until this time is over, unless it is called again. Then their guards stop them
    /// where they are, even when this whole process stands still, until the next call; what is started meanwhile begins
    /// then. Empty: no limit.
    void renew_lease(std::optional<Duration> lease);

    /// What limits can rest on: "kill memory pids cpu", "kill", or "none".
    std::string cgroup_abilities() const { return home_.abilities(); }
    /// For tests and for `top`.
    pid_t pid() const;

  private:
    struct Helper {
        pid_t pid = 0;
        FileDescriptor socket{};
    };

    std::size_t tell_all(Order::Kind kind);
    void ask_for_guard(std::span<const int> descriptors);
    void start_helper(Helper& helper);
    FileDescriptor request_for(const Command& command) const;

    SupervisorConfig config_;
    Logger log_{"process"};
    CgroupHome home_;
    Lease lease_;
    Guarded<Helper> helper_;
    Guarded<std::set<int>> controls_;  // the connections to the guards of running children
};

/// How main() recognises that it is the supervisor process, and the descriptors that it then has.
inline constexpr const char* kSuperviseArgument = "supervise-children";
inline constexpr int kServerDescriptor = 3;
inline constexpr int kLeaseDescriptor = 4;

}  // namespace sluice::process
