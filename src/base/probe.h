#pragma once
#include <array>
#include <atomic>
#include <string_view>

#include "base/error.h"

namespace sluice {

/// The instructions at which it is most dangerous to die. A test kills the process there, each time at the same one:
/// SLUICE_PROBE=executor.before_commit:kill, or …:kill@3 for the third time that it gets there. Without that a probe
/// costs one relaxed load. A name begins with the role that meets it.
enum class Probe {
    ExecutorBeforeCommit,   // events applied and written
    ExecutorAfterCommit,    // nobody was woken yet
    ExecutorTimersFired,    // timers are events
    WorkerAfterClaim,       // nothing knows of the claims but the database
    WorkerBeforeStart,      // it may start, and has not
    WorkerAfterRun,         // the task is over, and nothing was said of it
    WorkerBeforeReport,     // the result is written, not committed
    WorkerAfterReport,      // committed, and still to be told for all that we know
    WorkerAfterSpool,       // on disk, while the database is away
    SchedulerBeforeFire,    // fires, executions and next dates are written
    SchedulerAfterFire,     // nobody was woken yet
    ReaperBeforeCommit,     // a service is dead, its claims are events
    ReaperAfterCommit,      // nobody was woken yet
    WebserverBeforeStart,   // executions are written
    WebserverAfterStart,    // the client has no answer yet
    WebserverBeforePiece,   // members of an operation are changed, their piece is not counted
    MigrationBeforeCommit,  // its statements have run, its row is written
    MigrationAfterCommit,   // the next one is still to come
};

inline constexpr std::array<std::string_view, 18> kProbeNames{
    "executor.before_commit",  "executor.after_commit",  "executor.timers_fired", "worker.after_claim",
    "worker.before_start",     "worker.after_run",       "worker.before_report",  "worker.after_report",
    "worker.after_spool",      "scheduler.before_fire",  "scheduler.after_fire",  "reaper.before_commit",
    "reaper.after_commit",     "webserver.before_start", "webserver.after_start", "webserver.before_piece",
    "migration.before_commit", "migration.after_commit"};

/// From the text of SLUICE_PROBE; by main(), before threads start. Empty: none
/// Errors  Invalid: no such probe, or nothing that can be done there; names all there are
Result<void> arm_probe(std::string_view text);

namespace detail {
inline std::atomic<int> armed_probe{-1};
void at_armed_probe();
}  // namespace detail

inline void probe(Probe at) {
    if (detail::armed_probe.load(std::memory_order_relaxed) == static_cast<int>(at)) [[unlikely]]
        detail::at_armed_probe();
}

}  // namespace sluice
