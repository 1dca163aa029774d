#pragma once
#include "tasks/scripts/script_job.h"

namespace sluice::tasks {

/// The command that runs the job behind walls made by bubblewrap: it sees programs, libraries and its own folders, and
/// nothing else of the machine: no other processes, no files of users, and no network unless it is left to it.
/// Errors  NotFound: bubblewrap is not installed
Result<std::vector<std::string>> in_sandbox(const ScriptJob& job, bool network);

}  // namespace sluice::tasks
