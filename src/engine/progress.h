#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "flow/state.h"
#include "value/value.h"

namespace sluice::engine {

/// Which of its lists a node works on.
enum class Phase { Tasks, Errors, Finally, AfterExecution };

/// Where the shared folder of a WorkingDirectory stands.
enum class Folder { None, Opening, Open, Closing, Gone };

/// What a node (the execution itself, or the task run of a flowable task) knows of its children: counters instead of a
/// list, so that one finished child costs the same whatever their number.
struct Progress {
    Phase phase = Phase::Tasks;
    std::string branch{};         // If: then or else; Switch: the case; else "tasks"
    std::int64_t next = 0;        // of the main list: next position; of a loop: next value
    std::int64_t active = 0;      // children of the main list that are not over
    std::int64_t in_phase = 0;    // children of errors, finally or afterExecution that are not over
    std::int64_t phase_next = 0;  // next position of that list
    std::int64_t values = 0;      // of a loop
    std::int64_t iteration = 0;   // LoopUntil: round, from 1
    // What became of the children of the main list.
    std::int64_t failed = 0, warned = 0, killed = 0, cancelled = 0;
    bool errors_done = false;  // the errors branch is over, or there is none
    bool finally_failed = false;
    bool reopened = false;                  // by a restart: later children may be there already
    std::vector<bool> started{}, done{};    // Dag: by position
    std::optional<Timestamp> loop_since{};  // LoopUntil
    std::optional<State> pause_outcome{};   // Pause: what its end makes of it, after its own tasks
    Folder folder = Folder::None;           // WorkingDirectory
    std::string folder_worker{};            // who has it
    std::int64_t folder_epoch = 0;          // of the job that made it

    // At the root only.
    std::int64_t ordinal = 0;             // task runs made so far
    std::int64_t paused = 0;              // task runs that are PAUSED
    std::int64_t retrying = 0;            // task runs that are RETRYING
    std::int64_t breakpoints = 0;         // task runs that are BREAKPOINT
    bool held = false;                    // paused by a person: nothing new starts
    bool check_inputs = false;            // nobody has looked at them yet; here too, because an event can be lost
    std::optional<State> exit{};          // an Exit task said how the execution ends
    bool slot = false;                    // holds a slot of the flow's concurrency
    std::vector<std::string> stops_at{};  // breakpoints: task or task.value
    std::int64_t listeners = 0;           // of the flow that had their turn; the last one may be running
    std::vector<std::string> missed{};    // SLAs that were violated: each acts once

    bool operator==(const Progress&) const = default;
    bool failing() const { return failed > 0; }
    /// Killed or cancelled: nothing more is started, no errors branch runs.
    bool stopped() const { return killed > 0 || cancelled > 0; }
};

/// Only what differs from the defaults is written.
Value to_value(const Progress& progress);
Progress progress_of(const Value& value);

}  // namespace sluice::engine
