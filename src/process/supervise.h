#pragma once

namespace sluice::process {

/// true: this process was started by a Supervisor, and main() shall do nothing but `return supervise();`
/// Call it first thing in main(), before any thread, log or descriptor is there.
bool is_supervisor_call(int argc, const char* const* argv);

/// The life of the supervisor process: makes a guard for each request, until the server is gone and no guard is left.
/// Returns the exit code.
int supervise();

}  // namespace sluice::process
